package graph

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// Writer writes a graph in one format.
type Writer func(w io.Writer, g Graph) error

// Writers are all formats, by their names.
func Writers() map[string]Writer {
	return map[string]Writer{"text": Text, "json": JSON, "dot": DOT, "mermaid": Mermaid}
}

// JSON writes a graph as one object; its shape is that of Graph.
func JSON(w io.Writer, g Graph) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(g)
}

// Text writes a graph for people: a paragraph for each entry point.
func Text(w io.Writer, g Graph) error {
	out := bufio.NewWriter(w)
	short := g.short()
	for i, e := range g.EntryPoints {
		if i > 0 {
			fmt.Fprintln(out)
		}
		title := e.Kind + " " + e.Name
		if e.Params != "()" || e.Kind == string(ir.RPCKind) {
			title += e.Params
		}
		if e.Type != "" {
			title += " -> " + e.Type
		}
		fmt.Fprintln(out, title)
		line := func(name string, values ...string) {
			if len(values) > 0 {
				fmt.Fprintf(out, "  %-11s %s\n", name, strings.Join(values, ", "))
			}
		}
		line("access", e.Access)
		line("reads", each(e.Reads, short)...)
		line("writes", each(e.Writes, short)...)
		line("publishes", e.Publishes...)
		line("signals", e.Signals...)
		line("calls", e.Calls...)
		var follows []string
		for _, f := range e.Follows {
			follows = append(follows, followed(f, short))
		}
		line("follows", follows...)
		line("reaches", e.Reaches...)
		line("fails with", e.Errors...)
		if e.Session {
			line("session", "starts or ends one")
		}
	}
	writeSecrets(out, g)
	for i, x := range g.NotBuilt {
		if i > 0 || len(g.EntryPoints) > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s %s\n  livec cannot build this yet, so its effects are not listed here\n", x.Kind, x.Name)
	}
	return out.Flush() // returns the first error of all writes
}

// writeSecrets lists the places that a reviewer of an app should look at.
func writeSecrets(out io.Writer, g Graph) {
	if len(g.Secrets) == 0 {
		return
	}
	fmt.Fprint(out, "\nsecrets\n")
	for _, s := range g.Secrets {
		fmt.Fprintf(out, "  %-11s %s by %s, %s\n", s.Use, s.Name, s.By, s.Place)
	}
}

// followed says how a stream follows a table.
func followed(f Follow, short func(string) string) string {
	if len(f.By) == 0 {
		return short(f.Table) + " (any row)"
	}
	text := short(f.Table) + " by " + strings.Join(f.By, " and ")
	if f.Shown {
		text += " of the rows shown"
	}
	return text
}

func each(all []string, f func(string) string) []string {
	var out []string
	for _, s := range all {
		out = append(out, f(s))
	}
	return out
}

// edge is an arrow of the drawn graph, in the direction in which data flows.
type edge struct {
	from, to, label string
	weak            bool // data is only read, and causes nothing
}

// edges returns the arrows: from an entry point to a table that it writes, from there to the streams that follow it, and from a table to
// an entry point that only reads it.
func (g *Graph) edges() []edge {
	var out []edge
	for _, e := range g.EntryPoints {
		for _, t := range e.Writes {
			out = append(out, edge{from: e.Name, to: t})
		}
		followed := map[string]bool{}
		for _, f := range e.Follows {
			if !followed[f.Table] {
				followed[f.Table] = true
				out = append(out, edge{from: f.Table, to: e.Name, label: strings.Join(f.By, ", ")})
			}
		}
		for _, t := range e.Reads {
			if !followed[t] {
				out = append(out, edge{from: t, to: e.Name, weak: true})
			}
		}
		for _, p := range e.Publishes {
			out = append(out, edge{from: e.Name, to: p, label: "publish"})
		}
		for _, s := range e.Signals {
			out = append(out, edge{from: e.Name, to: s, label: "signal"})
		}
		for _, c := range e.Calls {
			out = append(out, edge{from: e.Name, to: c, label: "call"})
		}
	}
	return out
}

// outside returns the names that appear in edges only: signals and extern functions.
func (g *Graph) outside() []string {
	known := map[string]bool{}
	for _, e := range g.EntryPoints {
		known[e.Name] = true
	}
	for _, t := range g.Tables {
		known[t.Name] = true
	}
	var out []string
	for _, e := range g.edges() {
		if !known[e.to] {
			known[e.to] = true
			out = append(out, e.to)
		}
	}
	return out
}

// drawing is how an entry point of a kind is drawn.
type drawing struct {
	shape       string // of Graphviz
	open, close string // of Mermaid
}

var drawings = map[ir.EntryKind]drawing{
	ir.RPCKind: {"box", "[", "]"}, ir.StreamKind: {"ellipse", "([", "])"}, ir.ChannelKind: {"hexagon", "{{", "}}"},
	ir.RoomKind: {"folder", "[[", "]]"},
}

func (e *EntryPoint) drawing() drawing {
	d, ok := drawings[ir.EntryKind(e.Kind)]
	if !ok {
		panic("how to draw the entry point " + e.Kind + " " + e.Name + " is not known")
	}
	return d
}

// DOT writes a graph in the language of Graphviz (https://graphviz.org/doc/info/lang.html).
func DOT(w io.Writer, g Graph) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "digraph %s {\n  rankdir=LR\n  node [fontname=\"sans-serif\"]\n", dotName(g.App))
	for _, e := range g.EntryPoints {
		fmt.Fprintf(out, "  %s [shape=%s label=%s]\n", dotName(e.Name), e.drawing().shape, dotName(e.Kind+" "+e.Name))
	}
	for _, t := range g.Tables {
		fmt.Fprintf(out, "  %s [shape=cylinder]\n", dotName(t.Name))
	}
	for _, name := range g.outside() {
		fmt.Fprintf(out, "  %s [shape=plaintext]\n", dotName(name))
	}
	for _, e := range g.edges() {
		var attributes []string
		if e.weak {
			attributes = append(attributes, "style=dashed")
		}
		if e.label != "" {
			attributes = append(attributes, "label="+dotName(e.label))
		}
		fmt.Fprintf(out, "  %s -> %s", dotName(e.from), dotName(e.to))
		if len(attributes) > 0 {
			fmt.Fprintf(out, " [%s]", strings.Join(attributes, " "))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, "}")
	return out.Flush() // returns the first error of all writes
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func dotName(s string) string { return `"` + dotEscapes.Replace(s) + `"` }

// Mermaid writes a graph as a flowchart (https://mermaid.js.org/syntax/flowchart.html), which GitHub shows in Markdown.
func Mermaid(w io.Writer, g Graph) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "flowchart LR")
	ids := map[string]string{}
	node := func(name, open, label, end string) {
		ids[name] = fmt.Sprintf("n%d", len(ids))
		fmt.Fprintf(out, "  %s%s\"%s\"%s\n", ids[name], open, strings.ReplaceAll(label, `"`, "#quot;"), end)
	}
	for _, e := range g.EntryPoints {
		d := e.drawing()
		node(e.Name, d.open, e.Kind+" "+e.Name, d.close)
	}
	for _, t := range g.Tables {
		node(t.Name, "[(", t.Name, ")]")
	}
	for _, name := range g.outside() {
		node(name, ">", name, "]")
	}
	for _, e := range g.edges() {
		arrow := "-->"
		if e.weak {
			arrow = "-.->"
		}
		if e.label != "" {
			arrow += "|\"" + e.label + "\"|"
		}
		fmt.Fprintf(out, "  %s %s %s\n", ids[e.from], arrow, ids[e.to])
	}
	return out.Flush() // returns the first error of all writes
}
