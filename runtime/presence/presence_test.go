package presence

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/runtime/clock"
)

const grace = 5 * time.Second

// TestModel has holders come and go at random: who is shown is who has a holder, or had one less than the grace time ago.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clock.NewManual(time.Unix(1000, 0))
		shown := map[string]string{}
		events := 0
		m := New(c, grace, func(key string, entry []byte) { shown[key] = string(entry); events++ }, func(key string) {
			if _, ok := shown[key]; !ok {
				t.Fatalf("%s goes and is not there", key)
			}
			delete(shown, key)
		})
		type person struct {
			holders    int
			entry, own string
			until      time.Time // when the grace time ends, without holders
		}
		people := map[string]*person{}
		key := rapid.SampledFrom([]string{"a", "b", "c"})
		there := func(k string) bool {
			p := people[k]
			return p != nil && (p.holders > 0 || c.Now().Before(p.until))
		}
		t.Repeat(map[string]func(*rapid.T){
			"enter": func(t *rapid.T) {
				k, e := key.Draw(t, "key"), fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "entry"))
				if !there(k) {
					people[k] = &person{}
				}
				people[k].holders++
				people[k].entry = e
				m.Enter(k, []byte(e))
			},
			"leave": func(t *rapid.T) {
				k := key.Draw(t, "key")
				if p := people[k]; there(k) && p.holders > 0 {
					if p.holders--; p.holders == 0 {
						p.until = c.Now().Add(grace)
					}
				}
				m.Leave(k)
			},
			"set": func(t *rapid.T) {
				k, e := key.Draw(t, "key"), fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "entry"))
				if there(k) {
					people[k].entry = e
				}
				m.Set(k, []byte(e))
			},
			"own": func(t *rapid.T) {
				k := key.Draw(t, "key")
				if got := m.Own(k, []byte("own")); got != there(k) {
					t.Fatalf("Own gives %v", got)
				}
				if there(k) {
					people[k].own = "own"
				}
			},
			"wait": func(t *rapid.T) {
				c.Advance(time.Duration(rapid.IntRange(0, 6000).Draw(t, "ms"))*time.Millisecond, nil)
			},
			"": func(t *rapid.T) {
				want := map[string]string{}
				for k, p := range people {
					if there(k) {
						want[k] = p.entry
						if p.own != "" {
							want[k] = p.own
						}
					}
				}
				if !maps.Equal(shown, want) || m.Len() != len(want) {
					t.Fatalf("shown are %v (%d), want %v", shown, m.Len(), want)
				}
			},
		})
		m.Close()
		if c.Timers() != 0 {
			t.Fatalf("%d timers are left", c.Timers())
		}
		before := events
		m.Enter("a", nil)
		if events != before {
			t.Fatal("a closed room tells of somebody")
		}
	})
}

// TestQuiet checks that nothing is told that changes nothing.
func TestQuiet(t *testing.T) {
	c := clock.NewManual(time.Unix(1000, 0))
	var told []string
	m := New(c, grace, func(key string, entry []byte) { told = append(told, "+"+string(entry)) }, func(key string) { told = append(told, "-"+key) })
	m.Enter("a", []byte("1"))
	m.Enter("a", []byte("1"))
	m.Set("a", []byte("1"))
	m.Leave("a")
	m.Leave("a")
	c.Advance(grace-1, nil)
	m.Enter("a", []byte("1")) // in time
	m.Leave("a")
	c.Advance(grace-1, nil)
	m.Leave("a") // nobody is left to leave
	if fmt.Sprint(told) != "[+1]" {
		t.Errorf("told %v", told)
	}
	c.Advance(1, nil)
	none := New(c, -1, func(string, []byte) {}, func(key string) { told = append(told, "-"+key) })
	none.Enter("b", nil)
	none.Leave("b") // at once, without a grace time
	if fmt.Sprint(told) != "[+1 -a -b]" {
		t.Errorf("told %v", told)
	}
}
