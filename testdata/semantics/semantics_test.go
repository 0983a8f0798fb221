package app

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// TestSemantics plays the calls in the file $LIVE_CALLS and writes them to the file $LIVE_PLAYED, with what each gives. The test in emit/go
// that runs this one compares the two.
//
//	tricky/conv [1, 2.5]            a call with its arguments
//	  {"f":1}                       what it gives, or the code of its error
//	$ann = basic/addUser ["Ann",3]  a call that gives a new id, by which the calls below refer to it
//	stream tricky/users [0]         a subscription, and the first value
//	as $ann                         the calls below come from the user with this key; `as nobody` from an anonymous client
//
// Each new id gets the name of its call, so that calls can be added anywhere. If a call gives several, the others are $ann.2, $ann.3. A
// text behind // is for people.
func TestSemantics(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("LIVE_CALLS"))
	if err != nil {
		t.Fatal(err)
	}
	env := livetest.New(t, NewRegistry())
	p := &player{t: t, env: env, client: env.Connect(nil), names: map[string]string{}, ids: map[string]string{}}
	var out strings.Builder
	for line := range strings.Lines(string(data)) {
		p.line++
		if strings.HasPrefix(line, "  ") {
			continue
		}
		out.WriteString(line)
		if result, ok := p.play(strings.TrimSpace(line)); ok {
			fmt.Fprintf(&out, "  %s\n", result)
		}
	}
	if err := os.WriteFile(os.Getenv("LIVE_PLAYED"), []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

type player struct {
	t      *testing.T
	env    *livetest.Env
	client *livetest.Client
	line   int
	name   string            // of the call that is played; empty if it has none
	names  map[string]string // by id
	ids    map[string]string // by name
}

// play does what a line says. ok is false for one that gives nothing.
func (p *player) play(line string) (result string, ok bool) {
	if line == "" || strings.HasPrefix(line, "//") {
		return "", false
	}
	p.name = ""
	if m := naming.FindStringSubmatch(line); m != nil {
		p.name, line = m[1], m[2]
		if p.ids[p.name] != "" {
			p.t.Errorf("calls.txt:%d: another call has the name %s", p.line, p.name)
		}
	}
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "as":
		if rest == "nobody" {
			p.client = p.env.Connect(nil)
		} else {
			p.client = p.env.ConnectSession(p.unmask(rest))
		}
		return "", false
	case "stream":
		name, args, _ := strings.Cut(rest, " ")
		s := p.client.Subscribe(name, p.args(args)...)
		defer s.Unsubscribe()
		if err := s.Err(); err != nil {
			return runtime.CodeOf(err), true
		}
		return p.mask(string(s.Value())), true
	}
	got, err := p.client.Call(word, p.args(rest)...)
	if err != nil {
		return runtime.CodeOf(err), true
	}
	return p.mask(string(got)), true
}

func (p *player) args(text string) []any {
	var raw []json.RawMessage
	if err := json.Unmarshal([]byte(p.unmask(text)), &raw); err != nil {
		p.t.Fatalf("%s: %v", text, err)
	}
	out := make([]any, len(raw))
	for i, r := range raw {
		out[i] = r
	}
	return out
}

var (
	id     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	naming = regexp.MustCompile(`^(\$[a-z]\w*) = (.*)$`)
	masked = regexp.MustCompile(`\$[a-z]\w*(\.\d+)?`)
)

// mask puts the names of ids in their place, and names those that are new.
func (p *player) mask(text string) string {
	return id.ReplaceAllStringFunc(text, func(s string) string {
		if p.names[s] == "" {
			if p.name == "" {
				p.t.Errorf("calls.txt:%d: the result has a new id; name it with `$name = ` before the call", p.line)
				return s
			}
			name := p.name
			for n := 2; p.ids[name] != ""; n++ {
				name = fmt.Sprintf("%s.%d", p.name, n)
			}
			p.names[s], p.ids[name] = name, s
		}
		return p.names[s]
	})
}

func (p *player) unmask(text string) string {
	return masked.ReplaceAllStringFunc(text, func(name string) string {
		if p.ids[name] == "" {
			p.t.Errorf("calls.txt:%d: no call above has given an id %s", p.line, name)
			return name
		}
		return p.ids[name]
	})
}
