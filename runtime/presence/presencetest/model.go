package presencetest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/runtime/presence"
)

// user is the model of a member.
type user struct {
	connections map[int]int // by server
	info, own   string
	left        time.Duration // when the last connection was removed
}

func (u *user) connected() bool {
	for _, n := range u.connections {
		if n > 0 {
			return true
		}
	}
	return false
}

// testModel makes random calls on two servers. A room must show the users who have a connection, or had one within the grace time.
func testModel(t *testing.T, f *fixture) {
	managers := []presence.Manager{f.Join(), f.Join()}
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		r := presence.Room{Kind: "model", Key: fmt.Sprint(run)}
		var now time.Duration
		users := map[string]*user{}
		views := []*view{watch(t, managers[0], r), watch(t, managers[1], r)}
		defer func() {
			for _, v := range views {
				v.stop()
			}
		}()
		there := func(key string) bool {
			u := users[key]
			return u != nil && (u.connected() || now-u.left < grace)
		}
		one := rapid.SampledFrom([]string{"ann", "bob", "cid"})
		info := rapid.SampledFrom([]string{"1", "2", "3"})
		server := rapid.IntRange(0, 1)
		shown := func() map[string]string {
			all := map[string]string{}
			for key, u := range users {
				if there(key) {
					if all[key] = u.info; u.own != "" {
						all[key] = u.own
					}
				}
			}
			return all
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				key, s, i := one.Draw(t, "key"), server.Draw(t, "server"), info.Draw(t, "info")
				if !there(key) {
					users[key] = &user{connections: map[int]int{}}
				}
				users[key].connections[s]++
				users[key].info = i
				must(t, managers[s].Add(t.Context(), r, member(key, i)))
			},
			"remove": func(t *rapid.T) {
				key, s := one.Draw(t, "key"), server.Draw(t, "server")
				u := users[key]
				if u == nil || u.connections[s] == 0 {
					return
				}
				u.connections[s]--
				u.left = now
				must(t, managers[s].Remove(t.Context(), r, key))
			},
			"update": func(t *rapid.T) {
				key, s, i := one.Draw(t, "key"), server.Draw(t, "server"), info.Draw(t, "info")
				if there(key) {
					users[key].info = i
				}
				must(t, managers[s].Update(t.Context(), r, member(key, i)))
			},
			"override": func(t *rapid.T) {
				key, s := one.Draw(t, "key"), server.Draw(t, "server")
				if there(key) {
					users[key].own = "own " + key
				}
				must(t, managers[s].Override(t.Context(), r, member(key, "own "+key)))
			},
			"wait": func(t *rapid.T) {
				d := time.Duration(rapid.IntRange(0, 6).Draw(t, "seconds")) * time.Second
				now += d
				f.Advance(d)
			},
			"watch": func(t *rapid.T) { // a new watcher sees what the others see
				s := server.Draw(t, "server")
				views[s].stop()
				views[s] = watch(t, managers[s], r)
			},
			"": func(t *rapid.T) {
				for _, v := range views {
					v.shows(t, shown())
				}
			},
		})
	})
}
