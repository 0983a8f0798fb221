package check

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNormalSchedule(t *testing.T) {
	for text, want := range map[string]string{
		"*/5 * * * *": "*/5 * * * *", "0  0\t1 1 0": "0 0 1 1 0", "0 0 * * 7": "0 0 * * 0", "0 0 * * 5-7": "0 0 * * 5,6,0",
		"0 0 * jan,Dec MON-fri": "0 0 * 1,12 1,2,3,4,5", "5/15 * * * *": "5,20,35,50 * * * *", "10-20/5 * ? * ?": "10,15,20 * * * *",
		"0 0 1-31/15 * *": "0 0 1,16,31 * *", "0 0 * * SUN": "0 0 * * 0",
		"0 0 * * SAT-SUN": "0 0 * * 6,0",
	} {
		if got, err := normalSchedule(text); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
}

// TestSchedulesAreRead writes schedules at random: what is taken for one, the library reads, and it never runs more often than each minute.
func TestSchedulesAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`(\*|\?|[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}|MON|jan-FEB|)(/[0-9]{1,2})?`)
		text := ""
		for range 5 {
			text += part.Draw(t, "part")
			if rapid.IntRange(0, 4).Draw(t, "list") == 0 {
				text += "," + part.Draw(t, "part")
			}
			text += " "
		}
		normal, err := normalSchedule(text)
		if err != nil {
			return
		}
		s, err := fiveFields.Parse(normal)
		if err != nil {
			t.Fatalf("%q is taken for %q: %v", text, normal, err)
		}
		first := s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
		if !first.IsZero() && (first.Second() != 0 || s.Next(first).Sub(first) < time.Minute && !s.Next(first).IsZero()) {
			t.Fatalf("%q runs at %v and %v", text, first, s.Next(first))
		}
	})
}
