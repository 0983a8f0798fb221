// Package contractdoc writes what clients can do with an app as a document: its entry points with their docs, who may use them and how they fail, and the types they take and give.
package contractdoc

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/livec-lang/livec/compiler/ir"
)

// Writer writes the document in one format.
type Writer func(w io.Writer, p *ir.Program) error

// Writers gives every format by its name.
func Writers() map[string]Writer { return map[string]Writer{"markdown": Markdown, "html": HTML} }

// document is what is written.
type document struct {
	Name    string
	Modules []module
}

type module struct {
	Name    string
	Doc     string
	Entries []item
	Types   []item
}

// item is one entry point or type.
type item struct {
	Kind      string
	Name      string
	Anchor    string
	Signature string
	Doc       string
	Facts     []fact
	Fields    []field
	Values    []string // of a union of literals or records
}

// fact is one thing to be known of an entry point: words, or code.
type fact struct {
	Name   string
	Values []string
	Words  bool
}

// field is a parameter or a field.
type field struct{ Name, Type, Doc string }

func documentOf(p *ir.Program) document {
	d := document{Name: p.Name}
	for _, m := range p.Modules {
		out := module{Name: m.Name, Doc: text(m.Doc)}
		for _, s := range m.Streams {
			if !strings.Contains(s.Name, ".") { // the data of a room stands with it
				out.Entries = append(out.Entries, streamItem(s))
			}
		}
		for _, c := range m.Channels {
			out.Entries = append(out.Entries, channelItem(c))
		}
		for _, r := range m.RPCs {
			if !strings.Contains(r.Name, ".") {
				out.Entries = append(out.Entries, rpcItem(r))
			}
		}
		for _, r := range m.Rooms {
			out.Entries = append(out.Entries, roomItems(r)...)
		}
		for _, s := range m.Signals {
			out.Entries = append(out.Entries, entry("signal", m.Name, s.Name, s.Doc, s.Params, nil))
		}
		for _, t := range m.Tables {
			out.Types = append(out.Types, recordItem("table", m.Name, t.Row))
		}
		for _, t := range m.Types {
			out.Types = append(out.Types, typeItem(m.Name, t))
		}
		if len(out.Entries)+len(out.Types) > 0 {
			d.Modules = append(d.Modules, out)
		}
	}
	return d
}

func entry(kind, module, name string, doc []string, params []*ir.Var, result ir.Type) item {
	out := item{Kind: kind, Name: name, Anchor: anchor(module, name), Doc: text(doc)}
	var list []string
	for _, p := range params {
		one := p.Name + ": " + ir.ShownString(p.Type)
		if p.Default != nil {
			one += " = " + written(p.Default)
		}
		list = append(list, one)
		if len(p.Doc) > 0 {
			out.Fields = append(out.Fields, field{p.Name, ir.ShownString(p.Type), text(p.Doc)})
		}
	}
	out.Signature = kind + " " + name
	if kind == "rpc" || kind == "signal" || len(list) > 0 {
		out.Signature += "(" + strings.Join(list, ", ") + ")"
	}
	if result != nil {
		if t := ir.ShownString(result); t != "" {
			out.Signature += " -> " + t
		}
	}
	return out
}

func (x *item) fact(name string, values ...string) {
	if len(values) > 0 && values[0] != "" {
		x.Facts = append(x.Facts, fact{Name: name, Values: values})
	}
}

func (x *item) words(name, value string) {
	if value != "" {
		x.Facts = append(x.Facts, fact{name, []string{value}, true})
	}
}

// merge tells how events change what a client holds, as the language writes it.
func (x *item) merge(m *ir.Merge) {
	if m == nil {
		return
	}
	text := string(m.Kind)
	if m.Kind == ir.MergeLatest {
		text += fmt.Sprintf(" %d", m.Max)
	}
	if m.Prepend {
		text += " prepend"
	}
	x.fact("Merge", text)
}

// written is a default as the language writes it; … for one that is not a single literal.
func written(x ir.Expr) string {
	l, ok := x.(*ir.Lit)
	if !ok {
		return "…"
	}
	switch v := l.Value.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case bool, int64, float64:
		return fmt.Sprint(v)
	}
	return "…"
}

// rules adds what guards an entry point and how it fails.
func (x *item) rules(a ir.Access, rates []ir.Rate, e ir.Effects) {
	x.fact("Who", a.Text)
	for _, r := range rates {
		by := map[ir.RateBy]string{ir.ByUser: "user", ir.ByIP: "address", ir.ByExpr: "value"}[r.By]
		x.words("At most", fmt.Sprintf("%d in %s for each %s", r.Limit, span(r.Per), by))
	}
	x.fact("Fails with", e.Errors...)
	if e.Session {
		x.words("Session", "starts or ends one")
	}
}

func rpcItem(r *ir.RPC) item {
	out := entry("rpc", r.Module, r.Name, r.Doc, r.Params, r.Result)
	out.rules(r.Access, r.Rates, r.Effects)
	if r.Timeout > 0 {
		out.words("Ends after", span(r.Timeout))
	}
	return out
}

func streamItem(s *ir.Stream) item {
	out := entry("stream", s.Module, s.Name, s.Doc, s.Params, s.Value)
	out.rules(s.Access, s.Rates, s.Effects)
	out.words("Events", map[ir.StreamForm]string{
		ir.LiveStream: "come from the writes", ir.DerivedStream: "computed anew when what it reads changes", ir.PublishedStream: "published",
	}[s.Form])
	if s.Query != nil && s.Query.Pipeline != nil && len(s.Query.Pipeline.Stages) > 0 {
		stages := s.Query.Pipeline.Stages
		if p, ok := stages[len(stages)-1].(*ir.PageStage); ok { // no stage follows it
			out.words("Loads", fmt.Sprintf("pages of %d", p.N))
		}
	}
	out.merge(s.Merge)
	return out
}

func channelItem(c *ir.Channel) item {
	out := entry("channel", c.Module, c.Name, c.Doc, c.Params, c.Value)
	out.rules(c.Access, c.Rates, c.Effects)
	out.merge(c.Merge)
	if c.Writable {
		out.fact("Clients publish", ir.ShownString(c.Declared))
	}
	if c.Expire > 0 {
		out.words("Entries live for", span(c.Expire))
	}
	return out
}

// roomItems gives a room with its parts as facts, and its actions.
func roomItems(r *ir.Room) []item {
	room := entry("room", r.Module, r.Name, r.Doc, r.Params, nil)
	room.rules(r.Access, r.Rates, r.Effects)
	if r.Data != nil {
		room.fact("Data", ir.ShownString(r.Data.Value))
	}
	if r.Presence != nil {
		room.fact("Presence", ir.ShownString(r.Presence.Declared))
	}
	if c := r.Cursors; c != nil {
		room.fact("Cursors", ir.ShownString(c.Declared))
		if c.Throttle > 0 {
			room.words("Cursors move", "at most once in "+span(c.Throttle))
		}
	}
	out := []item{room}
	for _, a := range r.Actions {
		out = append(out, rpcItem(a))
	}
	return out
}

func typeItem(module string, t ir.Type) item {
	switch t := t.(type) {
	case *ir.Record:
		return recordItem("type", module, t)
	case *ir.Enum:
		out := item{Kind: "type", Name: t.Name, Anchor: anchor(module, t.Name), Signature: "type " + t.Name, Doc: text(t.Doc)}
		for _, v := range t.Values {
			out.Values = append(out.Values, fmt.Sprintf("%q", v))
		}
		return out
	case *ir.Union:
		out := item{Kind: "type", Name: t.Name, Anchor: anchor(module, t.Name), Signature: "type " + t.Name, Doc: text(t.Doc)}
		for _, v := range t.Variants {
			out.Values = append(out.Values, fmt.Sprintf("%s, where %s is %q", v.Record.Name, t.Tag, v.Value))
		}
		return out
	}
	return item{Kind: "type", Signature: ir.ShownString(t)}
}

// recordItem shows a record as clients see it: without what is secret.
func recordItem(kind, module string, r *ir.Record) item {
	out := item{Kind: kind, Name: r.Name, Anchor: anchor(module, r.Name), Signature: kind + " " + r.Name, Doc: text(r.Doc)}
	for _, f := range r.Fields {
		if f.Secret {
			continue
		}
		x := field{f.Name, ir.ShownString(f.Type), text(f.Doc)}
		if f.Server {
			x.Doc = strings.TrimSpace(x.Doc + " Set by the server only.")
		}
		out.Fields = append(out.Fields, x)
	}
	return out
}

// span is a duration as the language writes it, in its largest whole unit.
func span(d time.Duration) string {
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		if d%u.size == 0 && d > 0 {
			return fmt.Sprintf("%d%s", d/u.size, u.name)
		}
	}
	return fmt.Sprintf("%dms", d.Milliseconds())
}

func text(lines []string) string { return strings.TrimSpace(strings.Join(lines, "\n")) }

// anchor is the name of a place in the document.
func anchor(module, name string) string {
	return strings.NewReplacer("/", "-", ".", "-").Replace(module + "-" + name)
}

// hasDocs tells whether a field has something to be said of.
func hasDocs(fields []field) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.Doc != "" })
}
