package limits

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

type suffix struct {
	text string
	unit int64
}

var (
	sizes     = []suffix{{"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10}, {"b", 1}}
	durations = []suffix{{"ms", 1}, {"s", 1000}, {"m", 60_000}, {"h", 3_600_000}, {"d", 86_400_000}}
)

// Parse reads a value as it is written in flags and in the environment: 500, 64kb or 10s.
func (l *Limit) Parse(text string) (int64, error) {
	var units []suffix
	example := ""
	switch l.Unit {
	case Count, PerSecond:
		example = "a number, such as 500"
	case Bytes, BytesPerSecond:
		units, example = sizes, "a size, such as 64kb or 2mb"
	case Duration:
		units, example = durations, "a duration, such as 500ms or 10s"
	default:
		panic(fmt.Sprintf("limit %s has unit %d", l.Name, l.Unit))
	}
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.ParseInt(digits, 10, 64)
	unit, known := int64(1), digits == text && (units == nil || l.Unit != Duration)
	for _, u := range units {
		if strings.EqualFold(text[len(digits):], u.text) {
			unit, known = u.unit, true
		}
	}
	if err != nil || !known || n < 0 || n > (1<<62)/unit {
		return 0, fmt.Errorf("is %q; set it to %s", text, example)
	}
	if v := n * unit; v < l.Min {
		return 0, fmt.Errorf("is %q; it is at least %s", text, l.Format(l.Min))
	}
	return n * unit, nil
}

// Format writes a value as the language does.
func (l *Limit) Format(v int64) string {
	switch l.Unit {
	case Count, PerSecond:
		return strconv.FormatInt(v, 10)
	case Bytes, BytesPerSecond:
		return format(v, sizes, "b")
	case Duration:
		if v > 0 && v%1000 == 0 {
			return format(v, []suffix{{"m", 60_000}, {"s", 1000}}, "s")
		}
		return strconv.FormatInt(v, 10) + "ms"
	}
	panic(fmt.Sprintf("limit %s has unit %d", l.Name, l.Unit))
}

func format(v int64, units []suffix, zero string) string {
	for _, u := range units {
		if v >= u.unit && v%u.unit == 0 {
			return strconv.FormatInt(v/u.unit, 10) + u.text
		}
	}
	return strconv.FormatInt(v, 10) + zero
}

// DefaultText is the default for people.
func (l *Limit) DefaultText() string {
	if l.Share > 0 {
		return fmt.Sprintf("1/%d of `%s`", l.Share, l.Of)
	}
	if l.Computed != "" {
		return l.Computed
	}
	v := l.Format(l.Default)
	if l.Unit == PerSecond || l.Unit == BytesPerSecond {
		v += " a second"
	}
	return v
}

// Time gives the value of a duration.
func Time(v int64) time.Duration { return time.Duration(v) * time.Millisecond }
