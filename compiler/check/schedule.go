package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// fiveFields reads schedules that are in the form that normalSchedule writes.
var fiveFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

const scheduleForm = "a schedule has five fields: minute, hour, day of the month, month, day of the week, such as \"*/5 * * * *\""

// schedule checks a cron expression, and that it matches some time.
func (b *body) schedule(x *ast.StringLit) {
	text := constant.Text(x)
	wrong := func(why, help string) {
		b.errorf(x.Span, diag.CodeSchedule, "%q %s", text, why).help("%s", help)
	}
	const not = "is not a schedule"
	switch {
	case strings.HasPrefix(text, "@"):
		wrong(not, "write `every 1h`; "+scheduleForm)
		return
	case strings.HasPrefix(text, "every "):
		wrong(not, "write it without quotes: `every 5m`")
		return
	case strings.Contains(text, "TZ="):
		wrong(not, "write the time zone after the schedule: `tz \"Europe/Vienna\"`")
		return
	}
	normal, err := normalSchedule(text)
	if err != nil {
		wrong(not+": "+err.Error(), scheduleForm)
		return
	}
	s, err := fiveFields.Parse(normal)
	if err != nil {
		wrong(not, scheduleForm)
		return
	}
	if s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() { // looks five years ahead, including a leap year
		wrong("never runs: there is no such day", scheduleForm)
	}
}

// scheduleField is one of the five fields of a schedule.
type scheduleField struct {
	name     string
	min, max int
	names    []string // of its values, from names[0] for min
}

var scheduleFields = []scheduleField{
	{name: "minute", max: 59},
	{name: "hour", max: 23},
	{name: "day of the month", min: 1, max: 31},
	{name: "month", min: 1, max: 12, names: strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")},
	{name: "day of the week", max: 7, names: strings.Fields("SUN MON TUE WED THU FRI SAT")},
}

// normalSchedule checks a schedule as crontab(5) describes it, and writes it without names, and with 0 for Sunday: the library knows no 7,
// takes empty places and steps that lead nowhere, and speaks of Go.
func normalSchedule(text string) (string, error) {
	texts := strings.Fields(text)
	if len(texts) != len(scheduleFields) {
		return "", fmt.Errorf("it has %d of five fields", len(texts))
	}
	for i, f := range scheduleFields {
		var parts []string
		for part := range strings.SplitSeq(texts[i], ",") {
			normal, err := f.part(part)
			if err != nil {
				return "", err
			}
			parts = append(parts, normal)
		}
		texts[i] = strings.Join(parts, ",")
	}
	return strings.Join(texts, " "), nil
}

// part reads one part of a list: `*`, a value or a range, with or without a step.
func (f scheduleField) part(text string) (string, error) {
	all, step, stepped := strings.Cut(text, "/")
	low, high, ranged := strings.Cut(all, "-")
	from, to := f.min, f.max
	var err error
	switch {
	case all == "":
		return "", fmt.Errorf("a value of the %s is missing", f.name)
	case all == "*" || all == "?":
		if f.max == 7 {
			to = 6 // 0 and 7 are one day
		}
		all = "*"
	default:
		if from, err = f.value(low); err != nil {
			return "", err
		}
		switch {
		case ranged:
			if to, err = f.value(high); err != nil {
				return "", err
			}
			if f.max == 7 && to == 0 && from > 0 {
				to = 7 // MON-SUN
			}
			if to < from {
				return "", fmt.Errorf("the range `%s` of the %s goes backwards", all, f.name)
			}
		case !stepped:
			to = from
		}
	}
	by := 1
	if stepped {
		if by, err = number(step); err != nil || by == 0 {
			return "", fmt.Errorf("the step `%s` of the %s is not a number above 0", step, f.name)
		}
		if by > to-from {
			return "", fmt.Errorf("the step %d of the %s is larger than the range %d to %d", by, f.name, from, to)
		}
	}
	switch {
	case all == "*" && !stepped:
		return "*", nil // not a list of all, since the two fields of days go by whether one is `*`
	case all == "*":
		return "*/" + strconv.Itoa(by), nil
	}
	var values []string
	for v := from; v <= to; v += by {
		if f.max == 7 {
			values = append(values, strconv.Itoa(v%7))
		} else {
			values = append(values, strconv.Itoa(v))
		}
	}
	return strings.Join(values, ","), nil
}

// value reads one value: a number or a name.
func (f scheduleField) value(text string) (int, error) {
	if i := slices.Index(f.names, strings.ToUpper(text)); i >= 0 {
		return f.min + i, nil
	}
	v, err := number(text)
	switch {
	case err != nil && f.names != nil:
		return 0, fmt.Errorf("the %s is %d to %d, or one of %s, not `%s`", f.name, f.min, f.max, strings.Join(f.names, " "), text)
	case err != nil || v < f.min || v > f.max:
		return 0, fmt.Errorf("the %s is %d to %d, not `%s`", f.name, f.min, f.max, text)
	}
	return v, nil
}

// number reads digits, without a sign.
func number(text string) (int, error) {
	v, err := strconv.ParseUint(text, 10, 31)
	return int(v), err
}
