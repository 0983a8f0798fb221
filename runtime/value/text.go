package value

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// IntText is an int as a text.
func IntText(n int64) string { return strconv.FormatInt(n, 10) }

// FloatText is a float as a text, as JavaScript writes it.
func FloatText(x float64) string { return string(AppendFloat(nil, x)) }

// BoolText is true or false.
func BoolText(b bool) string { return strconv.FormatBool(b) }

// TimeText is a time as RFC 3339 in UTC with milliseconds.
func TimeText(t time.Time) string { return t.UTC().Format(timeLayout) }

// DurationText is a duration in the largest unit of the language that divides it, such as 90s or 500ms.
func DurationText(d time.Duration) string {
	const day = 24 * time.Hour
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d != 0 && d%u.unit == 0 {
			return strconv.FormatInt(int64(d/u.unit), 10) + u.name
		}
	}
	return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
}

// SliceText is the code points of a text from one index up to another, which is excluded.
func SliceText(s string, from int64, to ...int64) string {
	start, end := cut(utf8.RuneCountInString(s), from, to)
	i, first, last := 0, len(s), len(s)
	for at := range s {
		if i == start {
			first = at
		}
		if i == end {
			last = at
			break
		}
		i++
	}
	return s[min(first, last):last]
}

// The functions below read settings of the environment.

// ReadString is the text itself.
func ReadString(text string) (string, error) { return text, nil }

// ReadInt reads an int.
func ReadInt(text string) (int64, error) {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
	if err != nil || n < -MaxInt || n > MaxInt {
		return 0, fmt.Errorf("must be an integer, not %q", text)
	}
	return n, nil
}

// ReadFloat reads a float.
func ReadFloat(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil {
		x, err = Finite(x)
	}
	if err != nil {
		return 0, fmt.Errorf("must be a number, not %q", text)
	}
	return x, nil
}

// ReadBool reads true or false; 1, yes and on are true, 0, no and off are false.
func ReadBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "1", "yes", "on":
		return true, nil
	case "false", "0", "no", "off":
		return false, nil
	}
	return false, fmt.Errorf("must be true or false, not %q", text)
}

// ReadTime reads a date-time of RFC 3339.
func ReadTime(text string) (time.Time, error) {
	t, ok := anyTime(text)
	if !ok {
		return time.Time{}, fmt.Errorf("must be a time such as 2026-01-31T09:30:00Z, not %q", text)
	}
	return t, nil
}

// ReadDuration reads a duration as the language writes it: 500ms, 10s, 2d.
func ReadDuration(text string) (time.Duration, error) {
	scaled := text
	unit := time.Duration(1)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		scaled, unit = days+"h", 24
	}
	d, err := time.ParseDuration(scaled)
	if err != nil || d.Abs() > time.Duration(maxMillis)*time.Millisecond/unit {
		return 0, fmt.Errorf("must be a duration such as 10s or 2d, not %q", text)
	}
	return d * unit, nil
}
