package cli

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// testTools stand for the compiler: they find some mistakes, and generate a server that has no entry points but runs. What the scripts feed them is valid Live, so that a whole compiler
// does the same.
func testTools() Tools {
	return Tools{
		Compile: testCompile,
		EmitGo:  testEmitGo,
		EmitTS: func(p *ir.Program) ([]emit.File, error) {
			var files []emit.File
			for _, m := range p.Modules {
				files = append(files, emit.File{Path: "client/" + m.Name + ".ts", Data: []byte("export {}\n")})
			}
			return files, nil
		},
		Format: func(f *source.File) ([]byte, diag.List) {
			if i := strings.Index(f.Text, "@"); i >= 0 {
				return nil, diag.List{finding(f, i, i+1, "LIVE0001", diag.Error, "@ means nothing here")}
			}
			return regexp.MustCompile(`(?m)[ \t]+$`).ReplaceAll([]byte(f.Text), nil), nil
		},
		Explain: diag.Explain,
		Render:  diag.Renderers(),
	}
}

func finding(f *source.File, from, to int, code diag.Code, s diag.Severity, message string) diag.Diagnostic {
	return diag.Diagnostic{Code: code, Severity: s, Message: message, Primary: diag.Label{File: f, Span: source.Span{Start: int32(from), End: int32(to)}}}
}

func testCompile(name string, files []*source.File) (*ir.Program, diag.List) {
	p := &ir.Program{Name: name}
	var list diag.List
	for _, f := range files {
		p.Modules = append(p.Modules, &ir.Module{Name: f.Module, File: f})
		for _, m := range regexp.MustCompile(`\bNowhere\b`).FindAllStringIndex(f.Text, -1) {
			list = append(list, finding(f, m[0], m[1], "LIVE0101", diag.Error, "there is no type Nowhere"))
		}
		for _, m := range regexp.MustCompile(`\bunused\b`).FindAllStringIndex(f.Text, -1) {
			list = append(list, finding(f, m[0], m[1], "LIVE0110", diag.Warning, "unused is not used"))
		}
		for _, m := range regexp.MustCompile(`\bMesage\b`).FindAllStringIndex(f.Text, -1) {
			d := finding(f, m[0], m[1], "LIVE0101", diag.Error, "there is no type Mesage")
			d.Fix = &diag.Fix{Title: "write Message", Edits: []diag.Edit{{File: f, Span: d.Primary.Span, Text: "Message"}}}
			list = append(list, d)
		}
		if strings.Contains(f.Text, "// crash") {
			panic("the checker has lost its mind")
		}
	}
	return p, list
}

func testEmitGo(p *ir.Program, importPath string) ([]emit.File, error) {
	app := fmt.Sprintf(`package app

import live "github.com/livec-lang/livec/runtime"

func Registry() *live.Registry {
	return live.NewRegistry(live.App{Name: %q, Hash: "h", Contract: []byte(%q)})
}
`, p.Name, `{"name":"`+p.Name+`","hash":"h","modules":[],"$defs":{}}`)
	server := fmt.Sprintf(`package main

import (
	"os"

	live "github.com/livec-lang/livec/runtime"

	%q
)

func main() { os.Exit(live.Main(app.Registry())) }
`, importPath+"/app")
	files := []emit.File{
		{Path: "app/app.go", Data: []byte(app)},
		{Path: "app/contract.json", Data: []byte("{}\n")},
		{Path: "server/main.go", Data: []byte(server)},
	}
	for _, m := range p.Modules {
		files = append(files, emit.File{Path: "app/schema/" + m.Name + ".json", Data: []byte("{}\n")})
	}
	return files, nil
}
