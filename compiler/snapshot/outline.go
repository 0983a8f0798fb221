package snapshot

import (
	"slices"

	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/source"
)

// Item is one entry of the outline of a file.
type Item struct {
	Kind     index.Kind
	Name     string      // empty for a declaration without one
	Span     source.Span // of all of it
	At       source.Span // of its name; Span where it has none
	Children []Item      // fields, values of an enum, parts and rpcs of a room, settings
}

// Symbols returns the outline of a file in order of the text: its declarations, also those that could not be read to the end.
func (s *Snapshot) Symbols(path string) []Item {
	f := s.File(path)
	if f == nil {
		return nil
	}
	names := s.check().index.Names(f)
	var out []Item
	for _, d := range s.check().trees[f].Decls {
		if _, use := d.(*ast.Use); use {
			continue
		}
		item := Item{Kind: index.Kind(d.Keyword()), Span: d.Where(), At: d.Where()}
		if n := d.Named(); n != nil {
			item.Name, item.At = n.Name, n.Span
		}
		for _, o := range names {
			if o.Declaration && inside(o.Span, item.Span) && slices.Contains(parts[item.Kind], o.Symbol.Kind) {
				item.Children = append(item.Children, Item{Kind: o.Symbol.Kind, Name: o.Symbol.Name, Span: o.Span, At: o.Span})
			}
		}
		out = append(out, item)
	}
	return out
}

func inside(in, out source.Span) bool { return out.Start <= in.Start && in.End <= out.End }

// parts are the kinds of symbols that the outline lists below a declaration of a kind.
var parts = map[index.Kind][]index.Kind{
	"table": {index.Field}, "type": {index.Field, index.Member}, "env": {index.Setting}, "room": {index.Part, "rpc"},
	"aggregate": {index.Field},
}
