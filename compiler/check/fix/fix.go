// Package fix makes the edits for mistakes that have exactly one correction. It works on syntax only; the checker decides what is wrong.
package fix

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// AddUse returns the edit that imports a name from another module. It extends the `use` of that module, or else adds a
// line after the last `use` or at the start of the file. ok is false if a comment may be there.
func AddUse(f *ast.File, module, name string) (edit diag.Edit, ok bool) {
	var last *ast.Use
	for _, d := range f.Decls {
		u, is := d.(*ast.Use)
		if !is {
			continue
		}
		last = u
		if u.Module.Name == module && len(u.Names) > 0 {
			at := u.Names[len(u.Names)-1].Span.End
			return diag.Edit{File: f.Source, Span: source.Span{Start: at, End: at}, Text: ", " + name}, true
		}
	}
	line := "use " + module + " { " + name + " }"
	switch {
	case last != nil:
		return diag.Edit{File: f.Source, Span: source.Span{Start: last.Span.End, End: last.Span.End}, Text: "\n" + line}, true
	case len(f.Decls) > 0 && f.Decls[0].Where().Start == 0:
		return diag.Edit{File: f.Source, Text: line + "\n"}, true
	}
	return edit, false
}

// DropUse removes name i from a `use`. It removes the whole line if that is the only name.
func DropUse(f *source.File, u *ast.Use, i int) *diag.Fix {
	n := u.Names[i]
	if len(u.Names) == 1 {
		return &diag.Fix{Title: "remove the line", Edits: []diag.Edit{{File: f, Span: u.Span}}}
	}
	at := n.Span
	if i > 0 {
		at.Start = u.Names[i-1].Span.End
	} else {
		at.End = u.Names[1].Span.Start
	}
	return &diag.Fix{Title: "drop `" + n.Name + "`", Edits: []diag.Edit{{File: f, Span: at}}}
}

// Name is a place that names a variable. In a record literal such as `{ name }` the variable also names the field.
type Name struct {
	At     source.Span
	Member bool
}

// Rename renames a variable in all places.
func Rename(f *source.File, old, name string, places []Name) *diag.Fix {
	out := &diag.Fix{Title: "write `" + name + "`"}
	for _, p := range places {
		text := name
		if p.Member {
			text = old + ": " + name
		}
		out.Edits = append(out.Edits, diag.Edit{File: f, Span: p.At, Text: text})
	}
	return out
}

// CallLength replaces `x.length` by `length(x)`.
func CallLength(f *source.File, x *ast.Member) *diag.Fix {
	at := x.X.Where()
	return &diag.Fix{Title: "write `length(…)`", Edits: []diag.Edit{
		{File: f, Span: source.Span{Start: at.Start, End: at.Start}, Text: "length("},
		{File: f, Span: source.Span{Start: at.End, End: x.Name.Span.End}, Text: ")"},
	}}
}
