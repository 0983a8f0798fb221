package value

import (
	"math"
	"strings"
	"time"
)

// Time reads a time. In plain form that is RFC 3339 in UTC with milliseconds.
func (d *Decoder) Time() time.Time {
	s, plain, ok := d.text()
	if ok && !plain {
		var t string
		t, ok = d.unescape(s)
		s = []byte(t)
	}
	if !ok || d.bad {
		d.Refuse("must be a time such as 2026-01-31T09:30:00.000Z")
		return time.Time{}
	}
	if t, ok := plainTime(s); ok {
		return t
	}
	if d.mode == fast {
		d.Refuse("")
		return time.Time{}
	}
	t, ok := anyTime(string(s))
	if !ok {
		d.Refuse("must be a time such as 2026-01-31T09:30:00.000Z")
	}
	return t
}

// plainTime reads the form that AppendTime writes.
func plainTime(s []byte) (time.Time, bool) {
	if len(s) != len(timeLayout) || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != '.' ||
		s[23] != 'Z' {
		return time.Time{}, false
	}
	ok := true
	num := func(from, to int) (n int) {
		for _, c := range s[from:to] {
			if c-'0' > 9 {
				ok = false
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	year, month, day := num(0, 4), num(5, 7), num(8, 10)
	hour, minute, second, ms := num(11, 13), num(14, 16), num(17, 19), num(20, 23)
	if !ok || year < 1 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, ms*1e6, time.UTC)
	return t, t.Day() == day // time.Date normalizes a day that the month does not have
}

// anyTime reads any date-time of RFC 3339. A leap second, which Go does not have, becomes the second before it.
func anyTime(s string) (time.Time, bool) {
	s = strings.ToUpper(s)
	if len(s) > 19 && s[16:19] == ":60" {
		s = s[:16] + ":59" + s[19:]
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, false
	}
	t = t.UTC().Truncate(time.Millisecond)
	return t, !t.Before(minTime) && !t.After(maxTime)
}

// maxMillis is the longest duration of Go, in milliseconds.
const maxMillis = math.MaxInt64 / int64(time.Millisecond)

// Duration reads a duration: a whole number of milliseconds.
func (d *Decoder) Duration() time.Duration {
	n := d.Int()
	if n > maxMillis || n < -maxMillis {
		d.Refuse("must be a duration of at most 292 years, in milliseconds")
		return 0
	}
	return time.Duration(n) * time.Millisecond
}
