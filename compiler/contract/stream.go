package contract

import (
	"strconv"
	"strings"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

func stream(s *schemas, x *ir.Stream, does *analyze.Footprint) object {
	o := common(s, x, does)
	o.setText("merge", merge(x.Merge))
	if pageable(x) {
		o.set("paged", true)
	}
	return o
}

// merge returns a merge clause in the syntax of the language: "crud key sku", "latest 100".
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

// pageable reports whether clients may load further pages.
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
