package snapshot

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/source"
)

// Location is a place in a file.
type Location struct {
	File *source.File
	Span source.Span
}

// SymbolAt returns the symbol whose name holds an offset, in bytes, or ends there, and the place of that name.
func (s *Snapshot) SymbolAt(path string, offset int32) (*index.Symbol, Location, bool) {
	o, ok := s.at(path, offset)
	if !ok {
		return nil, Location{}, false
	}
	return o.Symbol, Location{o.File, o.Span}, true
}

func (s *Snapshot) at(path string, offset int32) (index.Occurrence, bool) {
	f := s.File(path)
	if f == nil {
		return index.Occurrence{}, false
	}
	return s.check().index.At(f, offset)
}

// Definition returns the place of the name in the declaration of the symbol at an offset: for a module, the start of its file. ok is false
// where there is no symbol, or where the language has it and nothing declares it.
func (s *Snapshot) Definition(path string, offset int32) (at Location, ok bool) {
	o, ok := s.at(path, offset)
	if !ok || o.Symbol.Pos.File == nil {
		return Location{}, false
	}
	return Location{o.Symbol.Pos.File, o.Symbol.Pos.Span}, true
}

// Uses returns all places of the symbol at an offset, in all modules: those where it is used, and that of its declaration.
func (s *Snapshot) Uses(path string, offset int32) []Location {
	o, ok := s.at(path, offset)
	if !ok {
		return nil
	}
	var out []Location
	for _, u := range s.check().index.Occurrences(o.Symbol) {
		out = append(out, Location{u.File, u.Span})
	}
	return out
}

// TypeOf returns the type of what stands at an offset, as the language writes it: of a declared name, else of the innermost expression.
// What has parameters shows them: `(room: string) -> Message`. ok is false where there is no type, or a mistake hides it.
func (s *Snapshot) TypeOf(path string, offset int32) (t string, ok bool) {
	f := s.File(path)
	if f == nil {
		return "", false
	}
	o, named := s.check().index.At(f, offset)
	x, at, typed := s.check().index.TypeAt(f, offset)
	if !typed && named { // the offset is at the end of the name
		x, at, typed = s.check().index.TypeAt(f, o.Span.Start)
	}
	switch {
	case named && o.Symbol.Called:
		return signature(o.Symbol), true
	case named && (o.Declaration || o.Symbol.Kind == index.Member || !typed || at.End != o.Span.End): // the expression is more than the name
		if o.Symbol.Type == nil {
			return "", false
		}
		return ir.TypeString(o.Symbol.Type), true
	case typed:
		return ir.TypeString(x), true
	}
	return "", false
}

// signature writes the parameters and the result of what is called.
func signature(s *index.Symbol) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, p := range s.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Name + ": " + ir.TypeString(p.Type))
	}
	b.WriteByte(')')
	if s.Type != nil {
		if t := ir.TypeString(s.Type); t != "" {
			b.WriteString(" -> " + t)
		}
	}
	return b.String()
}

// Hover is what an editor shows of a symbol.
type Hover struct {
	At    Location
	Title string   // its kind, name and type: `rpc send(text: string) -> Message`, `field title: string`
	Doc   []string // its doc comment, a line each
}

// Hover returns what there is to show of the symbol at an offset.
func (s *Snapshot) Hover(path string, offset int32) (Hover, bool) {
	o, ok := s.at(path, offset)
	if !ok {
		return Hover{}, false
	}
	h := Hover{At: Location{o.File, o.Span}, Doc: o.Symbol.Doc, Title: string(o.Symbol.Kind) + " " + o.Symbol.Name}
	switch t, typed := s.TypeOf(path, offset); {
	case typed && o.Symbol.Called:
		h.Title += t
	case typed && !slices.Contains([]index.Kind{"type", "table", index.Scalar}, o.Symbol.Kind):
		h.Title += ": " + t
	}
	return h, true
}
