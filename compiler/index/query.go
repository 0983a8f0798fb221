package index

import (
	"cmp"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/source"
)

// Seal ends the recording and sorts what has been recorded. A place that was checked twice, such as a stage of a pipe, is in the index
// once.
func (x *Index) Seal() {
	for _, f := range x.order {
		f.sort()
		if len(f.repeats) > 0 {
			f.repeat()
			f.sort()
		}
	}
}

func (f *File) sort() {
	slices.SortStableFunc(f.names, func(a, b Occurrence) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End), compareBool(a.Declaration, b.Declaration))
	})
	f.names = slices.CompactFunc(f.names, func(a, b Occurrence) bool { return a.Span == b.Span && a.Symbol == b.Symbol })
	slices.SortStableFunc(f.types, func(a, b typed) int { // outer ones first
		return cmp.Or(cmp.Compare(a.span.Start, b.span.Start), cmp.Compare(b.span.End, a.span.End))
	})
	f.types = slices.CompactFunc(f.types, func(a, b typed) bool { return a.span == b.span })
}

// repeat adds what is recorded within the places of repeats. Names and types are sorted.
func (f *File) repeat() {
	names, expressions := f.names, f.types
	for _, r := range f.repeats {
		moved := func(s source.Span) source.Span {
			return source.Span{Start: s.Start - r.from.Start + r.to.Start, End: s.End - r.from.Start + r.to.Start}
		}
		start := func(s source.Span, at int32) int { return cmp.Compare(s.Start, at) }
		i, _ := slices.BinarySearchFunc(names, r.from.Start, func(o Occurrence, at int32) int { return start(o.Span, at) })
		for ; i < len(names) && names[i].Span.End <= r.from.End; i++ {
			if o := names[i]; !o.Declaration {
				f.names = append(f.names, Occurrence{File: f.file, Span: moved(o.Span), Symbol: o.Symbol})
			}
		}
		i, _ = slices.BinarySearchFunc(expressions, r.from.Start, func(e typed, at int32) int { return start(e.span, at) })
		for ; i < len(expressions) && expressions[i].span.Start < r.from.End; i++ {
			if e := expressions[i]; e.span.End <= r.from.End {
				f.types = append(f.types, typed{moved(e.span), e.t})
			}
		}
	}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// At returns what stands at an offset: the name that holds it, or that ends there. Where one name is of two symbols, as `{ name }` uses a
// variable and gives a field, the use comes first.
func (x *Index) At(f *source.File, offset int32) (Occurrence, bool) {
	part := x.files[f]
	if part == nil {
		return Occurrence{}, false
	}
	var ending *Occurrence
	end, _ := slices.BinarySearchFunc(part.names, offset+1, func(o Occurrence, at int32) int { return cmp.Compare(o.Span.Start, at) })
	for i := end - 1; i >= 0; i-- { // names do not nest, so the first that begins before the offset decides
		o := &part.names[i]
		first := i
		for first > 0 && part.names[first-1].Span == o.Span {
			first--
		}
		switch {
		case offset < o.Span.End:
			return part.names[first], true
		case offset == o.Span.End && ending == nil:
			ending = &part.names[first]
		case offset > o.Span.End:
			if ending != nil {
				return *ending, true
			}
			return Occurrence{}, false
		}
		i = first
	}
	if ending != nil {
		return *ending, true
	}
	return Occurrence{}, false
}

// TypeAt returns the type of the innermost expression that holds an offset, and its place.
func (x *Index) TypeAt(f *source.File, offset int32) (t ir.Type, at source.Span, ok bool) {
	part := x.files[f]
	if part == nil {
		return nil, at, false
	}
	for i := range part.types {
		e := &part.types[i]
		if e.span.Start > offset {
			break
		}
		if offset < e.span.End && (!ok || e.span.End-e.span.Start <= at.End-at.Start) {
			t, at, ok = e.t, e.span, true
		}
	}
	return t, at, ok
}

// Occurrences returns all places of a symbol: the declaration and the uses, in order of the files' paths and of the text.
func (x *Index) Occurrences(s *Symbol) []Occurrence {
	var out []Occurrence
	for _, f := range x.order {
		for _, o := range f.names {
			if o.Symbol == s {
				out = append(out, o)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Occurrence) int {
		return cmp.Or(cmp.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return slices.CompactFunc(out, func(a, b Occurrence) bool { return a.File == b.File && a.Span == b.Span })
}

// Names returns all occurrences in a file, in order of the text.
func (x *Index) Names(f *source.File) []Occurrence {
	if part := x.files[f]; part != nil {
		return slices.Clone(part.names)
	}
	return nil
}
