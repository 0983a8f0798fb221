package contract

import (
	"strconv"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

func stream(s *ir.Stream) *entry {
	e := &entry{kind: "stream", name: s.Module + "/" + s.Name, doc: s.Doc, params: s.Params, result: s.Value, access: s.Access.Text, effects: &s.Effects, merge: merge(s.Merge)}
	if pageable(s) {
		e.more.set("paged", true)
	}
	return e
}

// merge writes a merge clause as the language does: "crud key sku", "latest 100".
func merge(m *ir.Merge) string {
	if m == nil {
		return ""
	}
	text := string(m.Kind)
	if m.Kind == ir.MergeLatest {
		text += " " + strconv.FormatInt(m.Max, 10)
	}
	switch len(m.Key) {
	case 0:
	case 1:
		text += " key " + m.Key[0].Name
	default:
		names := make([]string, len(m.Key))
		for i, f := range m.Key {
			names[i] = f.Name
		}
		text += " key (" + strings.Join(names, ", ") + ")"
	}
	if m.Prepend {
		text += " prepend"
	}
	return text
}

// pageable tells whether clients may load further pages.
func pageable(s *ir.Stream) bool {
	if s.Query == nil || s.Query.Pipeline == nil {
		return false
	}
	for _, stage := range s.Query.Pipeline.Stages {
		if _, ok := stage.(*ir.PageStage); ok {
			return true
		}
	}
	return false
}
