// Package treetest compares and checks syntax trees in tests.
package treetest

import (
	"fmt"
	"reflect"
	"time"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/source"
)

var (
	atType   = reflect.TypeFor[ast.At]()
	fileType = reflect.TypeFor[*source.File]()
)

// Difference describes how two trees differ apart from positions; empty if they do not. It compares only the number of
// comments, since a formatter may move them.
func Difference(a, b *ast.File) string {
	if len(a.Comments) != len(b.Comments) {
		return fmt.Sprintf("%d comments became %d", len(a.Comments), len(b.Comments))
	}
	if d := difference("Doc", reflect.ValueOf(a.Doc), reflect.ValueOf(b.Doc)); d != "" {
		return d
	}
	return difference("Decls", reflect.ValueOf(a.Decls), reflect.ValueOf(b.Decls))
}

// DeclDifference is Difference for two declarations.
func DeclDifference(a, b ast.Decl) string {
	return difference(a.Keyword(), reflect.ValueOf(&a).Elem(), reflect.ValueOf(&b).Elem())
}

func difference(path string, a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Interface, reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return path + ": one is nil"
			}
			return ""
		}
		if a.Elem().Type() != b.Elem().Type() {
			return fmt.Sprintf("%s: %s became %s", path, a.Elem().Type(), b.Elem().Type())
		}
		return difference(path, a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return fmt.Sprintf("%s: %d elements became %d", path, a.Len(), b.Len())
		}
		for i := range a.Len() {
			if d := difference(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i)); d != "" {
				return d
			}
		}
		return ""
	case reflect.Struct:
		for i := range a.NumField() {
			f := a.Type().Field(i)
			if f.Type == atType || f.Type == fileType {
				continue
			}
			if d := difference(path+"."+f.Name, a.Field(i), b.Field(i)); d != "" {
				return d
			}
		}
		return ""
	}
	if !a.Equal(b) {
		return fmt.Sprintf("%s: %v became %v", path, a, b)
	}
	return ""
}

// Check describes what is wrong with the positions in a tree: each must be in the text and inside the enclosing node.
// bad is the number of nodes that could not be parsed.
func Check(f *ast.File) (bad int, problem string) {
	c := checker{limit: int32(len(f.Source.Text))}
	for _, d := range f.Decls {
		c.value("Decls", reflect.ValueOf(d), source.Span{End: c.limit})
	}
	return c.bad, c.problem
}

type checker struct {
	limit   int32
	bad     int
	problem string
}

func (c *checker) value(path string, v reflect.Value, outer source.Span) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			c.value(path, v.Elem(), outer)
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.value(path, v.Index(i), outer)
		}
	case reflect.Struct:
		c.node(path, v, outer)
	}
}

func (c *checker) node(path string, v reflect.Value, outer source.Span) {
	switch v.Type() {
	case fileType.Elem(), atType:
		return
	case reflect.TypeFor[ast.BadDecl](), reflect.TypeFor[ast.BadStmt](), reflect.TypeFor[ast.BadExpr](), reflect.TypeFor[ast.BadType](),
		reflect.TypeFor[ast.BadStage]():
		c.bad++
	case reflect.TypeFor[ast.Head]():
		c.fields(path, v, outer)
		return
	}
	if n, ok := v.Addr().Interface().(ast.Node); ok {
		at := n.Where()
		absent := at.Start == at.End // a missing node has no meaningful position
		if !absent && (at.Start < outer.Start || at.End > outer.End || at.Start > at.End) && c.problem == "" {
			c.problem = fmt.Sprintf("%s (%s) is at %d–%d, in something at %d–%d", path, v.Type(), at.Start, at.End, outer.Start, outer.End)
		}
		if !absent {
			outer = at
		}
	}
	c.fields(path, v, outer)
}

func (c *checker) fields(path string, v reflect.Value, outer source.Span) {
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name != "Head" {
			c.value(path+"."+name, v.Field(i), outer)
		} else {
			c.fields(path, v.Field(i), outer)
		}
	}
}

// Ends runs a function that must end. If it does not end within a minute, which is a thousand times what it needs, the
// test stops and shows the text.
func Ends(text string, run func()) {
	watch := time.AfterFunc(time.Minute, func() { panic(fmt.Sprintf("reading does not end: %q", text)) })
	defer watch.Stop()
	run()
}
