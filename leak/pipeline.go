package leak

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/leak/play"
)

// pipeline makes a pipeline over Acc with a flow in one of its stages. With live it can be a live query. of is the type of its value.
func (b *builder) pipeline(live bool) (x, of string) {
	row := ""
	source := "Acc"
	stage := b.r.IntN(14)
	if stage == 11 || b.chance(30) {
		row, source = "a", "Acc as a"
	}
	f := b.way(inRow, row)
	part := func(p string) { b.took("stage " + p) }
	ask := func() string { f.to(yes); return f.x }
	switch stage {
	case 0, 1, 2:
		part("map")
		return source + " | sort .k | map { .k, v: " + f.x + " }", "[{ k: string, v: " + typeOf[f.k] + " }]"
	case 3:
		part("map of one")
		if f.k == plain {
			ask()
		}
		return source + " | sort .k | map " + f.x, "[" + typeOf[f.k] + "]"
	case 4, 5:
		part("filter")
		return source + " | filter " + ask() + " | map { .k, .pub } | sort .k", "[{ k: string, pub: string }]"
	case 6:
		part("sort")
		if !askable[f.k] || f.k == hue {
			f.asked()
			f.x, f.k = f.row+map[bool]string{true: ".zqstr", false: ".pub"}[b.secret], str
			b.columns[str] = true
		}
		return source + " | sort " + f.x + pick(b, "", " desc") + " | limit 2 | map { .k }", "[{ k: string }]"
	case 7:
		part("group key")
		if !askable[f.k] {
			f.x, f.k = f.asked(), yes
		}
		return source + " | group " + f.x + " { v: " + bare(f.x) + ", n: count() } | sort .n", "[{ v: " + typeOf[f.k] + ", n: int }]"
	case 8:
		part("aggregate")
		switch f.k {
		case num, float:
			fn, of := "sum", typeOf[f.k]
			if b.chance(50) {
				fn, of = pick(b, "max", "min"), of+"?"
			}
			return source + " | group .grp { .grp, v: " + fn + "(" + f.x + ") } | sort .grp", "[{ grp: string, v: " + of + " }]"
		case str:
			return source + " | group .grp { .grp, v: " + pick(b, "max", "min") + "(" + f.x + ") } | sort .grp", "[{ grp: string, v: string? }]"
		}
		return source + " | filter " + ask() + " | group .grp { .grp, n: count() } | sort .grp", "[{ grp: string, n: int }]"
	case 9:
		part("count")
		return source + " | filter " + ask() + " | count()", "int"
	case 10:
		part("reduce")
		if f.k == num {
			return source + " | " + pick(b, "sum", "max", "min") + "(" + f.x + ")", "json"
		}
		return source + " | " + pick(b, "any", "all") + "(" + ask() + ")", "bool"
	case 11:
		part("nested pipeline")
		return "Note as note | sort .k | map { .k, v: (" + source + " | filter " + ask() + " && a.k == note.acc | count()) }",
			"[{ k: string, v: int }]"
	case 12:
		part("join")
		if live || b.chance(50) {
			c := "zqstr"
			if !b.secret {
				c = "pub"
			}
			b.columns[str] = true
			return "Note | sort .k | join Acc on .acc as o { .k, ." + c + " }", ""
		}
		return source + " | filter " + ask() + " | sort .k | join Note on .k as o { .text } | map { .k, .o }",
			"[{ k: string, o: { text: string } }]"
	default:
		part("limit")
		return source + " | filter " + ask() + " | sort .k | limit 1 | map { .k }", "[{ k: string }]"
	}
}

// bare removes the parentheses around an expression: a group names only a key without them.
func bare(x string) string {
	if !strings.HasPrefix(x, "(") || !strings.HasSuffix(x, ")") {
		return x
	}
	depth := 0
	for i, c := range x {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 && i < len(x)-1 {
			return x
		}
	}
	return x[1 : len(x)-1]
}

func pipelineResult(b *builder) {
	name := b.name("rpc")
	x, of := b.pipeline(false)
	b.took("rpc of a pipeline")
	if of == "" {
		joined := map[bool]string{true: "zqstr", false: "pub"}[b.secret]
		of = "[{ k: string, acc: string, text: string, o: { k: string, " + joined + ": string } }]"
		x += " | map { .k, .acc, .text, .o }"
	}
	b.add(chunk{
		what: "rpc",
		text: fmt.Sprintf("rpc %s() -> %s public {\n  return %s\n}\n", name, of, x),
		act:  []play.Step{call(0, name, "[]"), call(2, name, "[]")},
	})
}
