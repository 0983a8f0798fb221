// Package format writes a file in the standard style of the language. It prints the syntax tree, and keeps three
// choices of the author: comments, single empty lines, and whether a list, a body or a pipeline begins on a new line.
package format

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/internal/layout"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
)

// Format returns the text of a file in the standard style. If the file has mistakes, Format returns them and no text.
func Format(f *source.File) ([]byte, diag.List) {
	file, found := parser.Parse(f)
	if found.HasErrors() {
		return nil, found
	}
	p := &printer{src: f.Text, comments: file.Comments}
	return []byte(render(p.file(file))), found
}

// printer turns syntax trees into documents, in source order, and inserts the comments between them.
type printer struct {
	src      string
	comments []ast.Comment
	next     int   // index of the next comment to lay out
	last     int32 // the end of the last item in the source
}

func (p *printer) file(f *ast.File) doc {
	var parts []doc
	for i, d := range f.Decls {
		if i > 0 {
			parts = append(parts, hardline)
		}
		parts = append(parts, p.item(d.Where(), i == 0, false, func() doc { return p.decl(d) }))
	}
	if rest := p.ownLines(int32(len(p.src))+1, len(f.Decls) == 0); len(rest) > 0 {
		if len(f.Decls) > 0 {
			parts = append(parts, hardline)
		}
		parts = append(parts, join(hardline, rest))
	}
	if len(parts) == 0 {
		return nothing
	}
	return concat(append(parts, hardline)...)
}

func (p *printer) decl(d ast.Decl) doc {
	switch d := d.(type) {
	case *ast.Aggregate:
		return p.aggregate(d)
	case *ast.App:
		return p.app(d)
	case *ast.Channel:
		return p.channel(d)
	case *ast.Cron:
		return p.cron(d)
	case *ast.Effect:
		return p.effect(d)
	case *ast.Env:
		return p.env(d)
	case *ast.Extern:
		return p.extern(d)
	case *ast.FileGuard:
		return p.fileGuard(d)
	case *ast.Fn:
		return p.fn(d)
	case *ast.Guard:
		return p.guard(d)
	case *ast.Middleware:
		return p.middleware(d)
	case *ast.Migrate:
		return p.migrate(d)
	case *ast.Pipe:
		return p.pipe(d)
	case *ast.Room:
		return p.room(d)
	case *ast.RPC:
		return p.rpc(d)
	case *ast.Signal:
		return p.signal(d)
	case *ast.Stream:
		return p.stream(d)
	case *ast.Table:
		return p.table(d)
	case *ast.Test:
		return p.test(d)
	case *ast.TypeDecl:
		return p.typeDecl(d)
	case *ast.Upgrade:
		return p.upgrade(d)
	case *ast.Use:
		return p.use(d)
	case *ast.Webhook:
		return p.webhook(d)
	case *ast.BadDecl:
		return p.verbatim(d.Span)
	}
	panic(fmt.Sprintf("a declaration of kind %T has no layout", d))
}

// verbatim returns the text as the author wrote it.
func (p *printer) verbatim(at source.Span) doc {
	return layout.Raw(strings.ReplaceAll(p.src[at.Start:at.End], "\r\n", "\n"))
}

// brokeAfter reports whether the author began a new line directly after a position.
func (p *printer) brokeAfter(at int32) bool {
	for i := int(at); i < len(p.src); i++ {
		switch p.src[i] {
		case ' ', '\t', '\r':
		case '\n':
			return true
		default:
			return strings.HasPrefix(p.src[i:], "//")
		}
	}
	return false
}
