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

// TestSemantics plays calls.txt and compares what comes back.
//
//	tricky/conv [1, 2.5]     a call with its arguments
//	  {"f":1}                what it gives, or the code of its error
//	stream tricky/users [0]  a subscription, and the first value
//	as #1                    the calls below come from the user with this key; `as nobody` from an anonymous client
//
// Ids are numbered in the order in which they appear: #1, #2. A text behind // is for people.
func TestSemantics(t *testing.T) {
	path := os.Getenv("LIVE_CALLS")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	env := livetest.New(t, NewRegistry())
	p := &player{t: t, env: env, client: env.Connect(nil), number: map[string]string{}}
	var out strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		out.WriteString(line)
		if result, ok := p.play(strings.TrimSpace(line)); ok {
			fmt.Fprintf(&out, "  %s\n", result)
		}
	}
	if os.Getenv("LIVE_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, got := strings.Split(string(data), "\n"), strings.Split(out.String(), "\n")
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			line := func(lines []string) string {
				if i < len(lines) {
					return lines[i]
				}
				return "(nothing)"
			}
			t.Errorf("%s:%d\n got %s\nwant %s", path, i+1, line(got), line(want))
		}
	}
}

type player struct {
	t      *testing.T
	env    *livetest.Env
	client *livetest.Client
	number map[string]string // of an id
	ids    []string
}

// play does what a line says. ok is false for one that gives nothing.
func (p *player) play(line string) (result string, ok bool) {
	if line == "" || strings.HasPrefix(line, "//") {
		return "", false
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
	masked = regexp.MustCompile(`#\d+`)
)

// mask puts the number of an id in its place.
func (p *player) mask(text string) string {
	return id.ReplaceAllStringFunc(text, func(s string) string {
		if p.number[s] == "" {
			p.ids = append(p.ids, s)
			p.number[s] = fmt.Sprintf("#%d", len(p.ids))
		}
		return p.number[s]
	})
}

func (p *player) unmask(text string) string {
	return masked.ReplaceAllStringFunc(text, func(s string) string {
		n := 0
		if _, err := fmt.Sscanf(s, "#%d", &n); err != nil || n > len(p.ids) || n < 1 {
			p.t.Errorf("there is no id %s yet", s)
			return s
		}
		return p.ids[n-1]
	})
}
