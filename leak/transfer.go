package leak

import (
	"fmt"
	"slices"
	"strings"
)

// transfer makes another value from a value.
type transfer struct {
	what  string
	from  []kind // nil: of all but records with secret fields
	rows  bool   // a database can compute it
	body  bool   // it needs statements before it
	gives kind   // "": the same kind
	make  func(f *flow, x string) string
}

func (t *transfer) takes(k kind) bool {
	if t.from == nil {
		return !holders[k] && k != naked && k != seen
	}
	return slices.Contains(t.from, k)
}

func (t *transfer) stands(p place) bool {
	switch p {
	case inRow:
		return t.rows
	case inValue:
		return !t.body
	}
	return true
}

func simple(what string, from []kind, gives kind, rows bool, format string) transfer {
	return transfer{what: what, from: from, gives: gives, rows: rows, make: func(_ *flow, x string) string {
		return strings.ReplaceAll(format, "$", x)
	}}
}

// bound is simple for what first needs a name for the value.
func bound(what string, from []kind, gives kind, format string) transfer {
	return transfer{what: what, from: from, gives: gives, body: true, make: func(f *flow, x string) string {
		return strings.ReplaceAll(format, "$", f.let("", x))
	}}
}

// stated is bound for a value that is put into something, whose name has a declared type.
func stated(what string, from []kind, gives kind, of, value, format string) transfer {
	return transfer{what: what, from: from, gives: gives, body: true, make: func(f *flow, x string) string {
		return strings.ReplaceAll(format, "$", f.let(of, strings.ReplaceAll(value, "$", x)))
	}}
}

var (
	texts   = []kind{str}
	numbers = []kind{num}
	lists   = []kind{lstr}
)

// transfers make values from values. For each kind of node of the IR that a value can pass through, at least one transfer passes through
// hardly anything else.
var transfers []transfer

func init() { transfers = slices.Concat(plainTransfers, collections, functions) }

var plainTransfers = []transfer{
	bound("let", nil, "", "$"),
	simple("lower", []kind{str, ref}, "", true, "lower($)"),
	simple("upper", texts, str, true, "upper($)"),
	simple("trim", []kind{str, ref}, "", true, "trim($)"),
	simple("replace", texts, str, false, `replace($, "q", "w")`),
	simple("repeat", texts, str, false, "repeat($, 2)"),
	simple("padStart", texts, str, false, `padStart($, 40, "-")`),
	simple("slice of a text", texts, str, false, "slice($, 0, 20)"),
	simple("id", texts, ident, false, "id($)"),
	simple("split", texts, lstr, false, `split($, "5")`),
	simple("length of a text", []kind{str}, num, true, "length($)"),
	simple("startsWith", []kind{str}, yes, true, `startsWith($, "b")`),
	simple("endsWith", []kind{str}, yes, false, `(endsWith($, "6") || endsWith($, "7") || endsWith($, "n") || endsWith($, "p"))`),
	simple("contains in a text", []kind{str}, yes, true, `contains($, "n")`),
	simple("contains in a list", []kind{ref}, yes, false, `contains(["a0"], $)`),
	simple("less", []kind{str}, yes, true, `($ < "n")`),
	simple("equals", []kind{ref}, yes, true, `($ == "a0")`),
	simple("in a list", []kind{ref}, yes, true, `($ in ["a0", "z"])`),
	bound("interpolation", []kind{str, ref, num, float, yes, at, span, hue, ident}, str, `"<{$}>"`),
	simple("string()", []kind{num, float, yes, at, span, ident}, str, false, "string($)"),
	simple("then", []kind{str, num, lstr, plain, float}, "", false, "(if length(ctx.path) > 0 then $ else $)"),
	bound("match arm", []kind{str, num, lstr, plain}, "", "(match length(ctx.path) { 0 => $  _ => $ })"),
	simple("condition", []kind{yes}, str, true, `(if $ then "y" else "n")`),
	simple("condition of a number", []kind{yes}, num, true, `(if $ then 1 else 2)`),
	bound("match on an enum", []kind{hue}, str, `(match $ { "red" => "r"  "blue" => "b" })`),
	bound("match on a text", []kind{ref}, str, `(match $ { "a0" => "r"  _ => "b" })`),
	bound("else null", []kind{ostr}, str, `(if $ != null then $ else "-")`),
	simple("coalesce", []kind{ostr}, str, true, `($ ?? "-")`),
	simple("coalesce a number", []kind{onum}, num, true, `($ ?? 0)`),
	simple("what follows ??", []kind{str}, str, false, `(header("x-none") ?? $)`),
	stated("wrap", texts, ostr, "[string?]", "[$]", "$[0]"),
	stated("wrap a number", numbers, onum, "[int?]", "[$]", "$[0]"),
	simple("minus", []kind{num, float}, "", true, "(-$)"),
	simple("plus", numbers, num, true, "($ + 1)"),
	simple("plus behind", numbers, num, true, "(1 + $)"),
	simple("minus a number", numbers, num, true, "($ - 1)"),
	simple("times", numbers, num, true, "($ * 3)"),
	simple("divided", numbers, float, true, "($ / 7)"),
	simple("rest", numbers, num, true, "($ % 2)"),
	simple("div", numbers, num, true, "div($, 7)"),
	simple("abs", numbers, num, true, "abs($)"),
	simple("min", numbers, num, false, "min(500000000000, $)"),
	simple("max", numbers, num, false, "max($, 500000000000)"),
	simple("max of few", numbers, num, false, "max($, 1)"),
	simple("min of few", numbers, num, false, "min($, 2)"),
	simple("float()", numbers, float, true, "float($)"),
	stated("to float", numbers, float, "float", "$", "$"),
	simple("duration()", numbers, span, false, "duration($)"),
	simple("more", numbers, yes, true, "($ > 500000000000)"),
	simple("round", []kind{float}, num, true, "round($)"),
	simple("floor", []kind{float}, num, true, "floor($)"),
	simple("ceil", []kind{float}, num, true, "ceil($)"),
	simple("int()", []kind{float}, num, true, "int($)"),
	simple("sqrt", []kind{float}, float, false, "sqrt(abs($))"),
	simple("millis", []kind{span}, num, false, "millis($)"),
	simple("year", []kind{at}, num, true, "year($)"),
	simple("month", []kind{at}, num, true, "month($)"),
	simple("day", []kind{at}, num, true, "day($)"),
	simple("weekday", []kind{at}, num, true, "weekday($)"),
	simple("hour", []kind{at}, num, true, "hour($)"),
	simple("minute", []kind{at}, num, true, "minute($)"),
	simple("second", []kind{at}, num, true, "second($)"),
	simple("time less time", []kind{at}, span, true, "($ - now())"),
	simple("time and duration", []kind{at}, at, true, "($ + 5s)"),
	simple("duration times", []kind{span}, span, true, "($ * 2)"),
	simple("not", []kind{yes}, yes, true, "(!$)"),
	simple("and", []kind{yes}, yes, true, "(true && $)"),
	simple("or", []kind{yes}, yes, true, "($ || false)"),
	simple("length of bytes", []kind{raw}, num, false, "length($)"),
	stated("enum to text", []kind{hue}, str, "string", "$", "$"),
	simple("a field", []kind{plain}, str, false, "$.x"),
	simple("a number field", []kind{plain}, num, false, "$.n"),
	stated("to json and back", []kind{str, ref}, "", "json", "$", "($ as string)"),
	stated("number to json and back", numbers, num, "json", "$", "($ as int)"),
	stated("record to json", []kind{plain, lstr, mnum, mstr}, doc, "json", "$", "$"),
	simple("as", []kind{doc}, str, false, "($ as Parsed).a"),
	stated("to a wider enum", []kind{hue}, str, "Wide", "$", "string($)"),
	simple("text to enum", []kind{ref}, hue, false, `(replace(replace($, "a0", "red"), "a1", "blue") as Hue)`),
	stated("refined", []kind{str}, str, "string(1..400)", "$", "$"),
	stated("refined number", numbers, num, "int(-9007199254740991..)", "$", "$"),
	transfer{what: "extern function", from: texts, gives: str, body: true, make: func(f *flow, x string) string {
		if f.b.reads || f.fn || f.setting {
			return x
		}
		f.b.declare("extern fn keep(text: string secret) -> string from \"" + outsidePackage + "\" retryable")
		return f.let("", "keep("+x+")")
	}},
	bound("is", []kind{hue}, yes, `($ == "red")`),
	stated("a record", []kind{str}, str, "", `{ a: $, b: "k" }`, "$.a"),
	stated("a record in a record", []kind{str}, str, "", `{ a: { b: $ } }`, "$.a.b"),
	stated("a record of a type", []kind{str}, plain, "", `Plain { x: $, n: 1 }`, "$"),
	stated("a record that fits a type", []kind{str}, plain, "Plain", `{ x: $, n: 1 }`, "$"),
	stated("a spread", []kind{plain}, str, "", `{ ...$, extra: 1 }`, "$.x"),
	stated("fit of a record", []kind{plain}, str, "{ x: string }", `{ x: $.x }`, "$.x"),
}

// collections pass a value through lists and maps.
var collections = []transfer{
	stated("a list", []kind{str}, lstr, "", `["z", $]`, "$"),
	stated("a list of numbers", numbers, lnum, "", `[3, $]`, "$"),
	stated("a map", []kind{str}, mstr, "[string: string]", `{ "z": $ }`, "$"),
	simple("index", []kind{lstr}, str, false, "$[1]"),
	simple("index of numbers", []kind{lnum}, num, false, "$[1]"),
	simple("first", lists, str, false, `(($ | first()) ?? "-")`),
	simple("last", lists, str, false, `(last($) ?? "-")`),
	simple("join", lists, str, false, `join($, ",")`),
	simple("length of a list", []kind{lstr, lnum}, num, false, "length($)"),
	simple("count", []kind{lstr, lnum}, num, false, "($ | count())"),
	simple("reverse", []kind{lstr, lnum}, "", false, "reverse($)"),
	simple("unique", []kind{lstr, lnum}, "", false, "unique($)"),
	simple("concat", lists, lstr, false, `concat(["z"], $)`),
	simple("slice of a list", lists, lstr, false, "slice($, 0, 2)"),
	simple("map", lists, lstr, false, "($ as e | map upper(e))"),
	simple("map to records", lists, str, false, `((($ as e | map { v: e } | first())?.v) ?? "-")`),
	simple("sort", lists, lstr, false, "($ as e | sort e desc)"),
	simple("filter", lists, lstr, false, `($ as e | filter e < "n")`),
	simple("limit", lists, lstr, false, "($ | limit 2)"),
	simple("any", lists, yes, false, `($ as e | any(e < "n"))`),
	simple("all", lists, yes, false, `($ as e | all(e < "n"))`),
	simple("max of a list", lists, ostr, false, "($ | max())"),
	simple("min of a list", lists, ostr, false, "($ | min())"),
	simple("sum of a list", []kind{lnum}, num, false, "($ | sum())"),
	simple("avg of a list", []kind{lnum}, num, false, "round(($ | avg()) ?? 0.0)"),
	simple("keys", []kind{mnum, mstr}, lstr, false, "keys($)"),
	simple("values", []kind{mstr}, lstr, false, "values($)"),
	simple("values of numbers", []kind{mnum}, lnum, false, "values($)"),
	simple("a value of a map", []kind{mstr}, ostr, false, `$["m"]`),
	simple("a key in a map", []kind{mnum}, yes, false, `(length(keys($)) > 1 || "z" in $)`),
	bound("index that is a secret", []kind{yes}, str, `["p", "q"][if $ then 0 else 1]`),
	transfer{what: "key that is a secret", from: []kind{ref}, gives: ostr, body: true, make: func(f *flow, x string) string {
		return f.let("[string: string]", `{ "a0": "p", "a1": "q" }`) + "[" + x + "]"
	}},
	bound("filter of a public list", []kind{num}, num, `([1, 2, 3] as e | filter e * 200000000000 < $ | count())`),
	bound("map of a public list", []kind{str}, lstr, `([1, 2] as e | map (if e > 1 then $ else "-"))`),
	bound("sort of a public list", []kind{yes}, lstr, `(["p", "q"] as e | sort (if $ then e else (if e == "p" then "z" else "a")) | map e)`),
	bound("limit of a public list", []kind{yes}, lstr, `(["p", "q"] | limit (if $ then 1 else 2))`),
	bound("all of a public list", []kind{ref}, yes, `(["a0", "a0"] as e | all(e == $))`),
	bound("sum over a public list", []kind{yes}, num, `([1, 2] as e | sum(if $ then e else 1))`),
	bound("avg over a public list", []kind{yes}, str, `string(([1, 1] as e | avg(if $ then e else 5)) ?? 0.0)`),
	bound("max over a public list", []kind{yes}, onum, `([0, 1] as e | max(if $ then e else 5))`),
	bound("min over a public list", []kind{yes}, onum, `([1, 2] as e | min(if $ then e else 5))`),
	bound("any of a public list", []kind{ref}, yes, `(["a0", "z"] as e | any(e == $))`),
	bound("any of a public list of numbers", []kind{yes}, yes, `([1, 2] as e | any(e == 1 && $))`),
	bound("range of a choice", []kind{yes}, num, "length(range(0, if $ then 1 else 2))"),
}

// functions pass a value through functions of the app.
var functions = []transfer{
	function("fn", func(k kind) string { return "($p: " + typeOf[k] + ") -> " + typeOf[k] + " = $p" }),
	function("fn with a block", func(k kind) string {
		return "($p: " + typeOf[k] + ") -> " + typeOf[k] + " {\n  let y = $p\n  return y\n}"
	}),
	function("fn with a branch", func(k kind) string {
		return "($p: " + typeOf[k] + ") -> " + typeOf[k] + " {\n  if length(ctx.path) > 0 { return $p }\n  return $p\n}"
	}),
	function("fn that recurs", func(k kind) string {
		return "($p: " + typeOf[k] + ", n: int = 3) -> " + typeOf[k] + " {\n  if n <= 0 { return $p }\n  return $f($p, n - 1)\n}"
	}),
	function("fn by way of another", func(k kind) string {
		return "($p: " + typeOf[k] + ") -> " + typeOf[k] + " = $fb($p)\nfn $fb(y: " + typeOf[k] + ") -> " + typeOf[k] + " = y"
	}),
	function("fns in a circle", func(k kind) string {
		return "($p: " + typeOf[k] + ", n: int = 2) -> " + typeOf[k] + " {\n" +
			"  if n <= 0 { return $p }\n  return $fb(n - 1, $p)\n}\nfn $fb(n: int, y: " + typeOf[k] + ") -> " +
			typeOf[k] + " {\n  if n <= 0 { return y }\n  return $f(y, n - 1)\n}"
	}),
	function("fn with a list", func(k kind) string {
		return "($p: " + typeOf[k] + ") -> " + typeOf[k] + " {\n  let l = [$p]\n  return l[0]\n}"
	}),
	function("fn with a match", func(k kind) string {
		return "($p: " + typeOf[k] + ") -> " + typeOf[k] + " {\n" +
			"  match length(ctx.path) {\n    0 => { return $p }\n    _ => { return $p }\n  }\n}"
	}),
	inner(),
	answer(
		"fn that asks", []kind{str, ref}, str,
		"($p: string) -> string {\n  if $p < \"n\" && $p != \"a1\" { return \"y\" }\n  return \"n\"\n}",
	),
	answer(
		"fn that matches", []kind{ref}, str,
		"($p: string) -> string {\n  match $p {\n    \"a0\" => { return \"y\" }\n    _ => { return \"n\" }\n  }\n}",
	),
	answer("fn that asks in an else", []kind{num}, num, "($p: int) -> int {\n  if $p < 500000000000 { return 1 } else { return 2 }\n}"),
	answer("fn with a loop", lists, str, "($p: [string]) -> string {\n  for e in $p { return e }\n  return \"-\"\n}"),
	answer(
		"fn with a loop over a map", []kind{mnum}, str,
		"($p: [string: int]) -> string {\n  for k, v in $p {\n    if v > 0 { return k }\n  }\n  return \"-\"\n}",
	),
	answer(
		"fn with a loop over values", []kind{mnum}, num,
		"($p: [string: int]) -> int {\n  for k, v in $p {\n    if k != \"\" { return v }\n  }\n  return 0\n}",
	),
	answer(
		"fn whose loop says how long", lists, num,
		"($p: [string]) -> int = $fb($p, 0)\nfn $fb(l: [string], n: int) -> int {\n  for e in slice(l, n) {\n"+
			"    if e != \"\" { return $fb(l, n + 1) }\n  }\n  return n\n}",
	),
}

// function passes a value through a function that returns its argument.
func function(what string, head func(k kind) string) transfer {
	return transfer{what: what, make: func(f *flow, x string) string { return f.b.call(head(f.k), x) }}
}

func answer(what string, from []kind, gives kind, head string) transfer {
	return transfer{what: what, from: from, gives: gives, make: func(f *flow, x string) string { return f.b.call(head, x) }}
}

// call declares a function and calls it.
func (b *builder) call(head, x string) string {
	name := b.name("fn")
	fmt.Fprintf(&b.fns, "fn %s%s\n", name, strings.NewReplacer("$fb", name+"b", "$f", name, "$p", "x").Replace(head))
	return name + "(" + x + ")"
}

// inner is a function whose body is a flow of its own, to a text.
func inner() transfer {
	return transfer{what: "fn with a way of its own", gives: str, make: func(f *flow, x string) string {
		b := f.b
		in := &flow{b: b, place: inBody, x: "x", k: f.k, fn: true}
		for range 1 + b.r.IntN(2) {
			var fit []transfer
			for _, t := range slices.Concat(plainTransfers, collections) {
				if t.takes(in.k) {
					fit = append(fit, t)
				}
			}
			if len(fit) == 0 {
				break
			}
			t := pick(b, fit...)
			in.x = t.make(in, in.x)
			if t.gives != "" {
				in.k = t.gives
			}
			b.took(t.what)
		}
		in.to(str)
		return b.call("(x: "+typeOf[f.k]+") -> string {\n"+in.pre.String()+"  return "+in.x+"\n}", x)
	}}
}
