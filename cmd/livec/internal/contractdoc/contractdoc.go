// Package contractdoc writes the contract of an app as a document: its entry points with their docs, access and errors, and the types of
// their arguments and results.
package contractdoc

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// Writer writes the document in one format.
type Writer func(w io.Writer, app *compiler.App) error

// Writers are all formats, by their names.
func Writers() map[string]Writer { return map[string]Writer{"markdown": Markdown, "html": HTML} }

// document is the content, whatever the format.
type document struct {
	Name    string
	Modules []module
}

type module struct {
	Name        string
	Doc         string
	EntryPoints []item
	Types       []item
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
	Values    []string // of a union: its literals or records
}

// fact is one property of an entry point, as words or as code.
type fact struct {
	Name   string
	Values []string
	Words  bool
}

// field is a parameter or a field.
type field struct{ Name, Type, Doc string }

func documentOf(app *compiler.App) document {
	p := app.Program
	d := document{Name: p.Name}
	for _, m := range p.Modules {
		out := module{Name: m.Name, Doc: text(m.Doc)}
		for _, e := range m.EntryPoints() {
			out.EntryPoints = append(out.EntryPoints, entryPointItem(app.Facts, e))
			for _, member := range e.Members() {
				if _, data := member.(*ir.Stream); !data { // the facts of a room have its data
					out.EntryPoints = append(out.EntryPoints, entryPointItem(app.Facts, member))
				}
			}
		}
		for _, t := range m.Tables {
			out.Types = append(out.Types, recordItem("table", m.Name, t.Row))
		}
		for _, t := range m.Types {
			out.Types = append(out.Types, typeItem(m.Name, t))
		}
		if len(out.EntryPoints)+len(out.Types) > 0 {
			d.Modules = append(d.Modules, out)
		}
	}
	return d
}

// entryPointItem shows an entry point.
func entryPointItem(facts *analyze.Facts, e ir.EntryPoint) item {
	out := head(e.Head())
	switch x := e.(type) {
	case *ir.RPC:
		out.rules(x, facts)
		out.rpc(x)
	case *ir.Stream:
		out.rules(x, facts)
		out.stream(x)
	case *ir.Channel:
		out.rules(x, facts)
		out.channel(x)
	case *ir.Room:
		out.rules(x, facts)
		out.room(x)
	case *ir.Signal: // it has no access or errors: the receiver is whoever it is sent to
	default:
		panic(ir.UnknownEntryPoint(e))
	}
	return out
}

// head is what all kinds of entry points have in common.
func head(h ir.Head) item {
	out := item{Kind: string(h.Kind), Name: h.Name, Anchor: anchor(h.Module, h.Name), Doc: text(h.Doc)}
	var list []string
	for _, p := range h.Params {
		one := p.Name + ": " + ir.ShownString(p.Type)
		if p.Default != nil {
			one += " = " + written(p.Default)
		}
		list = append(list, one)
		if len(p.Doc) > 0 {
			out.Fields = append(out.Fields, field{p.Name, ir.ShownString(p.Type), text(p.Doc)})
		}
	}
	out.Signature = out.Kind + " " + out.Name
	if h.Kind == ir.RPCKind || h.Kind == ir.SignalKind || len(list) > 0 {
		out.Signature += "(" + strings.Join(list, ", ") + ")"
	}
	if h.Result != nil {
		if t := ir.ShownString(h.Result); t != "" {
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

// merge returns how events change what a client holds, as the language writes it.
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

// written gives a default as the language writes it, or … if it is not a single literal.
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

// rules adds the guards, rates and errors of an entry point.
func (x *item) rules(e ir.EntryPoint, facts *analyze.Facts) {
	h, does := e.Head(), facts.Footprint(e)
	x.fact("Who", h.Access.Text)
	for _, r := range h.Rates {
		x.words("At most", fmt.Sprintf("%d per %s for each %s", r.Limit, span(r.Per), counted(r.By)))
	}
	x.fact("Fails with", does.Errors...)
	if does.Session {
		x.words("Session", "starts or ends one")
	}
}

// counted says what a rate counts by.
func counted(by ir.RateBy) string {
	switch by {
	case ir.ByUser:
		return "user"
	case ir.ByIP:
		return "address"
	case ir.ByExpr:
		return "value"
	}
	panic(fmt.Sprintf("a rate by %d", by))
}

func (x *item) rpc(r *ir.RPC) {
	if r.Timeout > 0 {
		x.words("Ends after", span(r.Timeout))
	}
}

// events says where the events of a stream come from.
func events(f ir.StreamForm) string {
	switch f {
	case ir.LiveStream:
		return "follow the writes"
	case ir.DerivedStream:
		return "recomputed when the data that it reads changes"
	case ir.PublishedStream:
		return "published"
	}
	panic("a stream of unknown form: " + f.String())
}

func (x *item) stream(s *ir.Stream) {
	x.words("Events", events(s.Form))
	if s.Query != nil && s.Query.Pipeline != nil && len(s.Query.Pipeline.Stages) > 0 {
		stages := s.Query.Pipeline.Stages
		if p, ok := stages[len(stages)-1].(*ir.PageStage); ok { // no stage follows it
			x.words("Loads", fmt.Sprintf("pages of %d", p.N))
		}
	}
	x.merge(s.Merge)
}

func (x *item) channel(c *ir.Channel) {
	x.merge(c.Merge)
	if c.Writable {
		x.fact("Clients publish", ir.ShownString(c.Declared))
	}
	if c.Expire > 0 {
		x.words("Events expire after", span(c.Expire))
	}
}

// room shows the parts of a room as facts.
func (x *item) room(r *ir.Room) {
	if r.Data != nil {
		x.fact("Data", ir.ShownString(r.Data.Value))
	}
	if r.Presence != nil {
		x.fact("Presence", ir.ShownString(r.Presence.Declared))
	}
	if c := r.Cursors; c != nil {
		x.fact("Cursors", ir.ShownString(c.Declared))
		if c.Throttle > 0 {
			x.words("Cursors move", "at most once per "+span(c.Throttle))
		}
	}
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

// recordItem shows a record as clients see it: without secret fields.
func recordItem(kind, module string, r *ir.Record) item {
	out := item{Kind: kind, Name: r.Name, Anchor: anchor(module, r.Name), Signature: kind + " " + r.Name, Doc: text(r.Doc)}
	for _, f := range r.Fields {
		if f.Secret {
			continue
		}
		x := field{f.Name, ir.ShownString(f.Type), text(f.Doc)}
		if f.Server {
			x.Doc = strings.TrimSpace(x.Doc + " Only the server sets it.")
		}
		out.Fields = append(out.Fields, x)
	}
	return out
}

// span writes a duration as the language does, in its largest whole unit.
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

// anchor is the id of an entry point or type in the document.
func anchor(module, name string) string {
	return strings.NewReplacer("/", "-", ".", "-").Replace(module + "-" + name)
}

// hasDocs reports whether a field has a doc comment.
func hasDocs(fields []field) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.Doc != "" })
}
