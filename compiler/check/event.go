package check

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// events are the events of a merge; nil if it allows any name.
func events(k ir.MergeKind) []string {
	switch k {
	case ir.MergeCrud:
		return []string{"created", "updated", "deleted", "set"}
	case ir.MergePresence:
		return []string{"join", "leave", "set"}
	case ir.MergeCursor:
		return []string{"update", "remove", "set"}
	case ir.MergeSet:
		return []string{"set"}
	case ir.MergeLatest, "": // "" is a mistake, which is already reported
		return nil
	default:
		panic("a merge of unknown kind: " + string(k))
	}
}

// usual are the names of events that authors know from tables and `merge crud`. `merge latest` takes any name but a misspelling of these.
// `set` is not among them: good names such as `sent` are as close to it.
var usual = []string{"created", "updated", "deleted"}

// publishable reports whether a merge has an event that an author publishes.
func (b *body) publishable(e *ast.Ident, m *ir.Merge) bool {
	if e.Name == "" {
		return true
	}
	names := events(m.Kind)
	if names != nil {
		return b.hasEvent(e, m, names)
	}
	if m.Kind != ir.MergeLatest || slices.Contains(usual, e.Name) {
		return true
	}
	for _, name := range append(slices.Clone(usual), "set") {
		if strings.EqualFold(e.Name, name) && e.Name != name {
			b.errorf(e.Span, diag.CodeEvent, "there is no event `%s`: names are case-sensitive, and it is `%s`", e.Name, name).
				suggest(b.m, e.Span, e.Name, []string{name})
			return false
		}
	}
	for _, name := range usual {
		if spelling.Slip(e.Name, name) {
			b.errorf(e.Span, diag.CodeEvent, "there is no event `%s`: the name is too close to `%s`", e.Name, name).
				suggest(b.m, e.Span, e.Name, usual).
				help("or choose another name: `merge latest` takes any that is not a misspelling of %s", diag.Or(usual))
			return false
		}
	}
	return true
}

// hasEvent reports an event that is none of the events of a merge.
func (b *body) hasEvent(e *ast.Ident, m *ir.Merge, names []string) bool {
	if slices.Contains(names, e.Name) {
		return true
	}
	b.errorf(e.Span, diag.CodeEvent, "`merge %s` has no event `%s`", m.Kind, e.Name).
		suggest(b.m, e.Span, e.Name, names).help("its events are %s", diag.Or(names))
	return false
}

// awaited is an event of `merge latest` that an effect waits for.
type awaited struct {
	m     *module
	at    ast.Ident
	name  string // of the stream or channel
	merge *ir.Merge
}

// await checks the event that an effect waits for. It returns the type of its data.
func (b *body) await(x *ast.EventRef, m *ir.Merge, value ir.Type, clients bool) ir.Type {
	if x.Name.Name == "" {
		return m.Item
	}
	if names := events(m.Kind); names != nil && !b.hasEvent(&x.Name, m, names) {
		return m.Item
	}
	b.m.useOwn(x.Name.Span, index.Event, x.Name.Name, nil)
	if m.Kind == ir.MergeLatest && !clients {
		b.c.awaited = append(b.c.awaited, awaited{b.m, x.Name, x.Source.Name, m})
	}
	if x.Name.Name == "set" {
		return value
	}
	return m.Item
}

// awaitedEvents reports effects on events of `merge latest` that nothing publishes. Such a merge takes any name, so its events are those
// that the app publishes.
func (c *checker) awaitedEvents() {
	if slices.ContainsFunc(c.app.Modules, func(m *resolve.Module) bool { return m.File.Broken }) {
		return // what cannot be read may publish them
	}
	for _, a := range c.awaited {
		names := c.published[a.merge]
		if slices.Contains(names, a.at.Name) {
			continue
		}
		f := c.errorf(a.m, a.at.Span, diag.CodeEvent, "`%s` has no event `%s`: nothing publishes it", a.name, a.at.Name)
		if len(names) == 0 {
			f.help("publish it: `publish %s %s …`", a.name, a.at.Name)
			continue
		}
		f.suggest(a.m, a.at.Span, a.at.Name, names).help("its events are %s", diag.Or(names))
	}
}

// notePublished remembers an event that the app publishes.
func (c *checker) notePublished(m *ir.Merge, event string) {
	if event != "" && !slices.Contains(c.published[m], event) {
		c.published[m] = append(c.published[m], event)
	}
}

// eventData checks the data of an event.
func (b *body) eventData(s *ast.Publish, m *ir.Merge, value ir.Type) ir.Expr {
	if s.Data == nil {
		b.errorf(s.Span, diag.CodeEvent, "the event has no data").
			help("write the data after the event: `publish %s %s { … }`", s.Stream.Name, s.Event.Name)
		return b.bad(b.pos(s))
	}
	switch s.Event.Name {
	case "set": // replaces the whole value, with every merge
		return b.expr(s.Data, value)
	case "deleted", "leave", "remove":
		if m.Kind == ir.MergeLatest {
			break
		}
		return b.keyData(s, m)
	}
	return b.expr(s.Data, m.Item)
}

// keyData checks the data of an event that removes an item: it must contain the key.
func (b *body) keyData(s *ast.Publish, m *ir.Merge) ir.Expr {
	rec, ok := m.Item.(*ir.Record)
	if !ok || types.IsBad(rec) {
		return b.infer(s.Data, nil)
	}
	key := m.Key
	if m.Kind != ir.MergeCrud {
		key = []*ir.Field{types.FieldOf(rec, "key")}
	}
	if len(key) == 0 || key[0] == nil {
		return b.infer(s.Data, nil)
	}
	before := b.resultOf
	b.resultOf = "Key"
	x := b.infer(s.Data, nil)
	b.resultOf = before
	got, ok := x.Type().(*ir.Record)
	if types.IsBad(x.Type()) {
		return x
	}
	if ok {
		for _, f := range key {
			if g := types.FieldOf(got, f.Name); g == nil || !b.convertible(g.Type, f.Type) {
				ok = false
			}
		}
	}
	if !ok {
		b.errorf(s.Data.Where(), diag.CodeEvent, "`%s` needs the key of the item: %s", s.Event.Name, diag.And(types.Names(key))).
			help("publish the item, or `{ %s: … }`", key[0].Name)
		return b.bad(b.pos(s))
	}
	return x
}
