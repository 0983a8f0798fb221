package emitts

import (
	"strconv"

	"github.com/livec-lang/livec/compiler/ir"
)

// stream writes an entry point that clients subscribe to.
func (m *module) stream(s *ir.Stream) entryPoint {
	types := []doc{m.typ(s.Value, out)}
	if s.Form == ir.PublishedStream && s.Merge != nil {
		if events := eventsOf(s.Merge, s.Value); events != nil {
			types = append(types, events)
		}
	}
	return m.watched("stream", "LiveStream", s.Pos, s.Module, s.Name, s.Doc, s.Params, types, m.streamMerge(s))
}

// watched writes an entry point that has a value: an object, or a function that returns one for arguments. kind is the
// function of the client runtime that makes it; with arguments, its name ends in s.
func (m *module) watched(
	kind, class string,
	pos ir.Pos,
	module, name string,
	lines []string,
	params []*ir.Var,
	types []doc,
	merge doc,
) entryPoint {
	typ := doc(concat(text("$."+class), enclosed("<", soft, types, ">")))
	maker := "$." + kind
	if len(params) > 0 {
		typ = m.function(params, typ)
		maker += "s"
	}
	return entryPoint{
		pos:  pos,
		name: name,
		typ:  typ,
		doc:  comment(lines, paramDocs(params)...),
		init: call(maker, text(quote(module+"/"+name)), merge),
	}
}

// streamMerge returns how events change the value of a stream.
func (m *module) streamMerge(s *ir.Stream) doc {
	switch {
	case s.Form == ir.PublishedStream && s.Merge != nil:
		return m.merge(s.Merge)
	case s.Form == ir.LiveStream:
		if list, ok := s.Value.(*ir.List); ok {
			return m.diff(list.Elem, s.Query)
		}
	}
	return m.set(s.Value)
}

// merge returns the merge of a published stream or a channel.
func (m *module) merge(x *ir.Merge) doc {
	var options []doc
	if c := m.codec(x.Item); c != nil && x.Kind != ir.MergeSet {
		options = append(options, concat(text("row: "), c))
	}
	if x.Prepend {
		options = append(options, text("prepend: true"))
	}
	var args []doc
	switch x.Kind {
	case ir.MergeSet:
		return m.set(x.Item)
	case ir.MergePresence, ir.MergeCursor:
		if c := m.codec(x.Item); c != nil {
			args = append(args, c)
		}
		return call("$."+string(x.Kind), args...)
	case ir.MergeLatest:
		if x.Max > 0 {
			args = append(args, text(strconv.FormatInt(x.Max, 10)))
		} else if len(options) > 0 {
			args = append(args, text("undefined"))
		}
	case ir.MergeCrud:
		var key []string
		for _, f := range x.Key {
			key = append(key, f.Name)
		}
		if len(key) == 0 {
			key = []string{"id"}
		}
		args = append(args, names(key))
	}
	if len(options) > 0 {
		args = append(args, enclosed("{", space, options, "}"))
	}
	return call("$."+string(x.Kind), args...)
}

// set returns the merge that replaces the value.
func (m *module) set(t ir.Type) doc {
	c := m.codec(t)
	if _, ok := t.(*ir.List); ok {
		if c == nil {
			c = text("undefined")
		}
		return call("$.set", c, text("true"))
	}
	if c != nil {
		return call("$.set", c)
	}
	return call("$.set")
}

// diff returns the merge for the rows of a live stream.
func (m *module) diff(elem ir.Type, q *ir.Query) doc {
	var options []doc
	f := rows(q)
	if len(f.key) > 0 {
		options = append(options, concat(text("key: "), names(f.key)))
	}
	if c := m.codec(elem); c != nil {
		options = append(options, concat(text("row: "), c))
	}
	if len(f.key) > 0 && len(f.sort) > 0 {
		options = append(options, concat(text("sort: "), sortOf(f.sort)))
	}
	if f.limit > 0 {
		options = append(options, text("limit: "+strconv.FormatInt(f.limit, 10)))
	}
	if len(options) == 0 {
		return call("$.diff")
	}
	return call("$.diff", enclosed("{", space, options, "}"))
}

// sortOf returns the order of rows: each field with a `-` before it if it descends, and in a list with the values of its enum.
func sortOf(sort []rowOrder) doc {
	fields := make([]doc, len(sort))
	for i, o := range sort {
		name := o.field
		if o.desc {
			name = "-" + name
		}
		if o.values == nil {
			fields[i] = text(quote(name))
		} else {
			fields[i] = names(append([]string{name}, o.values...))
		}
	}
	return call("$.by", fields...)
}

// eventsOf returns the events of a merge as the type argument of a stream; nil if they are those of its type by default.
func eventsOf(x *ir.Merge, value ir.Type) doc {
	switch x.Kind {
	case ir.MergePresence:
		return literals([]string{"join", "leave"})
	case ir.MergeCursor:
		return literals([]string{"update", "remove"})
	case ir.MergeLatest: // any name
		return text("string")
	case ir.MergeSet:
		if _, list := value.(*ir.List); list {
			return literals([]string{"set"})
		}
		return nil
	case ir.MergeCrud:
		return nil
	}
	panic("a merge of unknown kind: " + string(x.Kind))
}

// names returns a list of string literals.
func names(all []string) doc {
	docs := make([]doc, len(all))
	for i, n := range all {
		docs[i] = text(quote(n))
	}
	return enclosed("[", soft, docs, "]")
}
