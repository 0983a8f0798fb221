package play

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	live "github.com/livec-lang/livec/runtime"
)

// JWTKey is the key of the callers' tokens.
const JWTKey = "0123456789abcdef0123456789abcdef"

// Private is the prefix of a text that only one caller may see. The caller's name follows.
const Private = "private-"

// different are callers who differ in everything that identifies a caller, and the writer.
func different() []*caller {
	make := func(name, key string, n int) *caller {
		return &caller{name: name, ip: fmt.Sprintf("198.51.100.%d", n), key: key, query: "q=" + name + "Query", header: http.Header{
			"Cookie":        {"pref=" + name + "Cookie"},
			"Authorization": {"Bearer " + token(name)},
			"X-Tag":         {name + "Header"},
		}}
	}
	return []*caller{make("ann", Ann, 1), make("bob", Bob, 2), make("nobody", "", 3), {name: "writer", ip: "198.51.100.9"}}
}

// token is a JSON Web Token signed with HS256 (RFC 7519, RFC 7515).
func token(subject string) string {
	part := base64.RawURLEncoding.EncodeToString
	text := part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + part([]byte(`{"sub":"`+subject+`Token","exp":4102444800}`))
	mac := hmac.New(sha256.New, []byte(JWTKey))
	mac.Write([]byte(text))
	return text + "." + part(mac.Sum(nil))
}

// orders are the orders of three callers.
var orders = [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}

// answers are the answers to one caller, by module and by step of its script.
type answers map[string]map[int]string

// Callers plays a script for each caller alone, on a server of its own, and then for all callers in each order. It returns the answers that
// differ from those that the caller gets alone.
func Callers(t testing.TB, registry func() *live.Registry, script *Script) []Finding {
	t.Helper()
	alone := map[string]answers{}
	for who := range 3 {
		for name, a := range together(t, registry, script, []int{who}, nil) {
			if name == different()[who].name {
				alone[name] = a
			}
		}
	}
	var found []Finding
	for _, order := range orders {
		for name, a := range together(t, registry, script, order, &found) {
			for _, m := range script.Modules {
				if f, ok := differs(&m, name, order, a[m.Name], alone); ok {
					found = append(found, f)
				}
			}
		}
	}
	return found
}

func differs(m *Module, name string, order []int, got map[int]string, alone map[string]answers) (Finding, bool) {
	steps := make([]int, 0, len(got))
	for i := range got {
		steps = append(steps, i)
	}
	for i := range alone[name][m.Name] {
		if _, ok := got[i]; !ok {
			steps = append(steps, i)
		}
	}
	slices.Sort(steps)
	for _, i := range steps {
		want := alone[name][m.Name][i]
		if m.Presence || got[i] == want {
			continue
		}
		s := m.Steps[i]
		return Finding{Module: m.Name, Step: fmt.Sprintf("%s %s%s, callers in the order %v", s.Do, s.Name, s.Args[0], order), What: "answer",
			Text: fmt.Sprintf("%s is answered\n  %s\nand alone\n  %s", name, got[i], want)}, true
	}
	return Finding{}, false
}

// anyEntry matches an entry, which has the key of its owner.
var anyEntry = regexp.MustCompile(`\{"key":"([^"]*)"[^{}]*\}`)

// together plays the script for some callers and returns the answers to each. Answers that show the entry or the private row of another
// caller are added to found.
func together(t testing.TB, registry func() *live.Registry, script *Script, order []int, found *[]Finding) map[string]answers {
	t.Helper()
	r := newRun(t, registry(), script, 0, different())
	defer r.close()
	r.play(&Module{Name: "app", Steps: script.Before})
	r.signIn()
	out := map[string]answers{}
	for _, c := range r.who[:3] {
		out[c.name] = answers{}
	}
	for _, m := range script.Modules {
		var steps []Step
		var from []int // the index in the script of each step
		for i, s := range m.Steps {
			if s.Who != Each {
				steps, from = append(steps, s), append(from, i)
				continue
			}
			for _, who := range order {
				s.Who = who
				steps, from = append(steps, s), append(from, i)
			}
		}
		notes := r.play(&Module{Name: m.Name, Steps: steps})
		owner := map[string]string{}
		for i, k := range r.sockets {
			owner[k.key] = r.who[i].name
		}
		lines := map[string]map[int][]string{}
		for _, n := range notes {
			for _, line := range n.compared {
				name, text, _ := strings.Cut(line, " ")
				if out[name] == nil {
					continue
				}
				if lines[name] == nil {
					lines[name] = map[int][]string{}
				}
				at := from[n.at]
				lines[name][at] = append(lines[name][at], text)
				if found != nil {
					*found = append(*found, foreign(&m, n.step, name, text, owner)...)
				}
			}
		}
		for name, of := range lines {
			out[name][m.Name] = map[int]string{}
			for at, texts := range of {
				out[name][m.Name][at] = alike(texts)
			}
		}
	}
	return out
}

// foreign finds, in an answer to one caller, private rows of another one, and entries with the key of one caller and the data of another.
func foreign(m *Module, step, name, text string, owner map[string]string) []Finding {
	var found []Finding
	for _, other := range []string{"ann", "bob", "nobody"} {
		if other != name && m.Policy && strings.Contains(text, Private+other) {
			found = append(found, Finding{Module: m.Name, Step: step, What: "answer", Text: name + " is shown a row of " + other + ": " + text})
		}
	}
	if !m.Presence {
		return found
	}
	for _, e := range anyEntry.FindAllStringSubmatch(text, -1) {
		of := owner[e[1]]
		for _, other := range []string{"ann", "bob", "nobody"} {
			if of != "" && other != of && strings.Contains(strings.TrimPrefix(e[0], `{"key":"`+e[1]), other) {
				found = append(
					found, Finding{Module: m.Name, Step: step, What: "answer", Text: "the entry of " + of + " speaks of " + other + ": " + e[0]},
				)
			}
		}
	}
	return found
}
