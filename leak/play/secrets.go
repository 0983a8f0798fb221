package play

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/leak/outside"
	live "github.com/livec-lang/livec/runtime"
)

// Canaries plays a script on two databases that differ only in their secrets. It returns the output that contains a part of a secret, or
// that differs.
func Canaries(t testing.TB, registry func() *live.Registry, script *Script) []Finding {
	t.Helper()
	var found []Finding
	var compared [2]map[string][]note
	for which := range 2 {
		outside.Taken()
		r := newRun(t, registry(), script, which, players())
		compared[which] = map[string][]note{}
		before := r.play(&Module{Name: "app", Steps: script.Before})
		for _, n := range before {
			if s := alike(n.compared); strings.Contains(s, `"t":"err"`) {
				t.Fatalf("%s: %s", n.step, s)
			}
		}
		r.signIn()
		all := [][]string{script.Common[which]}
		for i := range script.Modules {
			m := &script.Modules[i]
			all = append(all, m.Canaries[which])
			notes := r.play(m)
			if away := outside.Taken(); len(away) > 0 {
				slices.Sort(away)
				notes = append(notes, note{step: "functions in Go", out: away, compared: away})
			}
			compared[which][m.Name] = notes
			found = append(found, search(m.Name, notes, NewSearcher(script.Common[which], m.Canaries[which]))...)
		}
		everything := NewSearcher(all...)
		for path, body := range r.pages() {
			if text, ok := everything.Find(body); ok {
				found = append(found, Finding{Step: "GET " + path, What: "canary", Text: text})
			}
			if strings.HasSuffix(path, "contract.json") && which == 0 {
				found = append(found, shown(t, body)...)
			}
		}
		for _, err := range r.env.Errors() {
			if text, ok := everything.Find(err.Error()); ok {
				found = append(found, Finding{Step: "an error in the log", What: "canary", Text: text})
			}
		}
		r.close()
	}
	for _, m := range script.Modules {
		if f, ok := compare(m.Name, compared[0][m.Name], compared[1][m.Name]); ok {
			found = append(found, f)
		}
	}
	return found
}

func search(module string, notes []note, s *Searcher) []Finding {
	for _, n := range notes {
		if n.did {
			return []Finding{{Module: module, Step: n.step, What: "set", Text: strings.Join(n.compared, "\n")}}
		}
		for _, line := range n.out {
			if strings.HasPrefix(line, "log ERROR panic") {
				return []Finding{{Module: module, Step: n.step, What: "panic", Text: line[:min(len(line), 2000)]}}
			}
			if text, ok := s.Find(line); ok {
				return []Finding{{Module: module, Step: n.step, What: "canary", Text: text}}
			}
		}
	}
	return nil
}

func compare(module string, a, b []note) (Finding, bool) {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) {
			return Finding{Module: module, Step: "functions in Go", What: "differs", Text: "called with one database only"}, true
		}
		if x, y := alike(a[i].compared), alike(b[i].compared); x != y {
			return Finding{Module: module, Step: a[i].step, What: "differs", Text: "\n  " + x + "\n  " + y}, true
		}
	}
	return Finding{}, false
}

// shown finds schemas of the contract that contain a secret field, whose names all start with hidden.
func shown(t testing.TB, contract string) []Finding {
	t.Helper()
	var c struct {
		Modules []struct {
			Name        string            `json:"name"`
			EntryPoints []json.RawMessage `json:"entryPoints"`
		} `json:"modules"`
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(contract), &c); err != nil {
		t.Fatal(err)
	}
	var found []Finding
	look := func(module, what string, schema json.RawMessage) {
		var v any
		if json.Unmarshal(schema, &v) != nil {
			return
		}
		if name := property(v); name != "" {
			found = append(found, Finding{Module: module, Step: "the contract: " + what, What: "contract", Text: name})
		}
	}
	for _, m := range c.Modules {
		for _, e := range m.EntryPoints {
			look(m.Name, "an entry", e)
		}
	}
	for name, schema := range c.Defs {
		module, _, _ := strings.Cut(name, ".")
		look(module, name, schema)
	}
	return found
}

// hidden is the prefix of the names of secret fields.
const hidden = "zq"

// property finds a property of a schema with the name of a secret field.
func property(v any) string {
	switch v := v.(type) {
	case map[string]any:
		if of, ok := v["properties"].(map[string]any); ok {
			for name := range of {
				if strings.HasPrefix(name, hidden) {
					return name
				}
			}
		}
		for _, in := range v {
			if name := property(in); name != "" {
				return name
			}
		}
	case []any:
		for _, in := range v {
			if name := property(in); name != "" {
				return name
			}
		}
	}
	return ""
}
