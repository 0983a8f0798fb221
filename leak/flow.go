package leak

import (
	"fmt"
	"strings"
)

// place is the context of an expression.
type place int

const (
	inBody  place = iota // it may follow statements
	inValue              // it is an expression alone
	inRow                // it is an expression over the row of a pipeline, which a database must be able to compute
)

// flow is an expression that carries a value from its source on.
type flow struct {
	setting bool // the source is a setting, which extern functions do not pass on
	b       *builder
	place   place
	fn      bool            // it is in a function of the app
	row     string          // what precedes the name of a field of the row
	pre     strings.Builder // statements before it
	x       string
	k       kind
}

// let assigns the value to a new variable.
func (f *flow) let(of string, x string) string {
	name := f.b.name("v")
	if of != "" {
		of = ": " + of
	}
	fmt.Fprintf(&f.pre, "  let %s%s = %s\n", name, of, x)
	return name
}

// origin is a source of values.
type origin struct {
	what   string
	places []place
	make   func(f *flow)
}

// start begins a flow. In a body the row `u` of Acc is known; in a row, `row` precedes its fields: "" or "a".
func (b *builder) start(p place, row string) *flow {
	f := &flow{b: b, place: p, row: row}
	if !b.secret {
		b.harmlessSource(f, row)
		return f
	}
	if p == inRow || p == inBody && b.chance(50) {
		if p == inBody {
			row = "u"
		}
		k := pick(b, plainKinds...)
		if p == inBody && b.chance(40) {
			k = pick(b, lstr, lnum, at, float, ref, hue)
		}
		if b.chance(30) {
			k = pick(b, holderKinds...)
		}
		if p == inBody && b.chance(10) {
			b.columns[str] = true
			f.x = "u"
			wholeRow(f)
			return f
		}
		b.columns[k] = true
		f.x, f.k = row+"."+column(k), k
		b.took("column " + string(k))
		f.open()
		return f
	}
	var fit []origin
	for _, s := range sources {
		for _, at := range s.places {
			if at == p && !(writing[s.what] && b.reads) {
				fit = append(fit, s)
			}
		}
	}
	s := pick(b, fit...)
	b.took(s.what)
	s.make(f)
	f.open()
	return f
}

// harmlessSource begins a flow at a value that everybody may see.
func (b *builder) harmlessSource(f *flow, row string) {
	if f.place == inBody {
		row = "u"
	}
	if f.place == inValue {
		f.x, f.k = pick(b, `"x"`, "ctx.path"), str
		return
	}
	f.k = pick(b, str, num, ostr)
	f.x = row + map[kind]string{str: ".pub", num: ".size", ostr: ".other"}[f.k]
}

// wholeRow uses the row `u` as a whole, which is allowed.
func wholeRow(f *flow) {
	b := f.b
	switch b.r.IntN(4) {
	case 0:
		b.took("row to json")
		f.x, f.k = f.let("json", f.x), doc
		f.b.declare("type Named { zqstr: string }")
		f.x, f.k = "("+f.x+" as Named).zqstr", str
	case 1:
		b.took("row to a record")
		f.x, f.k = f.let(typeOf[seen], f.x), seen
	case 2:
		b.took("spread of a row")
		f.x = f.let("", "{ ...u, extra: 1 }") + ".zqstr"
		f.k = str
	case 3:
		b.took("row in a list of rows")
		f.x, f.k = f.let("", "[u]")+"[0].zqstr", str
	}
}

// writing are the sources that change rows.
var writing = map[string]bool{"the row of an insert": true, "the row of an update": true, "number of rows updated": true,
	"number of rows whose secret is updated": true, "number of rows deleted": true}

// sources are those of bodies and values. Their values are secret.
var sources = []origin{
	{"ctx.user", []place{inBody, inValue}, func(f *flow) { f.x, f.k = "(ctx.user?.zqpass ?? \"-\")", str }},
	{"env", []place{inBody, inValue}, func(f *flow) { f.x, f.k, f.setting = "env.APP_KEY", str, true }},
	{"session()", []place{inBody}, func(f *flow) { f.x, f.k = f.let("", "session()")+"?.zqpass", ostr }},
	{"first of a pipeline", []place{inBody, inValue}, func(f *flow) { f.x, f.k = "(Acc | sort .k | first())?.zqstr", ostr }},
	{"first row of a pipeline", []place{inBody}, func(f *flow) { f.x, f.k = f.let("", "Acc | sort .k | first()")+"?.zqstr", ostr }},
	{"max of a pipeline", []place{inBody, inValue}, func(f *flow) { f.x, f.k = "(Acc | "+pick(f.b, "max", "min")+"(.zqstr))", ostr }},
	{"sum of a pipeline", []place{inBody, inValue}, func(f *flow) { f.b.columns[num] = true; f.x, f.k = "(Acc | sum(.zqnum))", num }},
	{"average of a pipeline", []place{inBody, inValue}, func(f *flow) {
		f.b.columns[num] = true
		f.x, f.k = "((Acc | avg(.zqnum)) ?? 0.0)", float
	}},
	{"count behind a filter", []place{inBody, inValue}, func(f *flow) { f.x, f.k = `(Acc | filter .zqstr < "n" | count())`, num }},
	{"any of a pipeline", []place{inBody, inValue}, func(f *flow) { f.x, f.k = `(Acc | `+pick(f.b, "any", "all")+`(.zqstr < "n"))`, yes }},
	{"first behind a sort", []place{inBody, inValue}, func(f *flow) { f.x, f.k = "(Acc | sort .zqstr | first())?.k", ostr }},
	{"a list of columns", []place{inBody}, func(f *flow) { f.x, f.k = f.let("", "Acc | sort .k | map .zqstr"), lstr }},
	{"a row of a list", []place{inBody}, func(f *flow) { f.x, f.k = f.let("", "Acc | sort .k | limit 3")+"[0].zqstr", str }},
	{"a mapped row", []place{inBody}, func(f *flow) { f.x, f.k = f.let("", "Acc | sort .k | map { .k, v: .zqstr }")+"[0].v", str }},
	{"a mapped row with a spread", []place{inBody}, func(f *flow) {
		f.x, f.k = f.let("", "Acc as a | sort .k | map { ...a, v: 1 }")+"[0].zqstr", str
	}},
	{"a joined row", []place{inBody}, func(f *flow) {
		f.x, f.k = f.let("", "Note | sort .k | join Acc on .acc as o { .k, .zqstr }")+"[0].o.zqstr", str
	}},
	{"a joined row of a declared type", []place{inBody}, func(f *flow) {
		f.b.took("fit")
		v := f.let("[{ k: string, o: "+typeOf[seen]+" }]", "Note | sort .k | join Acc on .acc as o { .k, .zqstr } | map { .k, .o }")
		f.x, f.k = v+"[0].o", seen
	}},
	{"a group", []place{inBody}, func(f *flow) {
		f.x, f.k = f.let("", "Acc | group .zqstr { v: .zqstr, n: count() } | sort .v")+"[0].v", str
	}},
	{"the number of groups", []place{inBody}, func(f *flow) {
		f.x, f.k = "length("+f.let("", "Acc | group .zqstr { v: .zqstr, n: count() } | sort .v")+")", num
	}},
	{"an aggregate of a group", []place{inBody}, func(f *flow) {
		f.x, f.k = f.let("", "Acc | group .grp { .grp, v: "+pick(f.b, "max", "min")+"(.zqstr) } | sort .grp")+"[0].v", ostr
	}},
	{"a sum of a group", []place{inBody}, func(f *flow) {
		f.b.columns[num] = true
		f.x, f.k = f.let("", "Acc | group .grp { .grp, v: sum(.zqnum) } | sort .grp")+"[0].v", num
	}},
	{"a nested pipeline", []place{inBody}, func(f *flow) {
		f.x, f.k = f.let("", "Note as note | sort .k | map { .k, v: (Acc | filter .k == note.acc | max(.zqstr)) }")+"[0].v", ostr
	}},
	{"find by a secret", []place{inBody}, func(f *flow) {
		f.b.columns[ref] = true
		f.x, f.k = f.let("", "Note | find(u.zqref)")+"?.k", ostr
	}},
	{"a join on a secret", []place{inBody}, func(f *flow) {
		f.b.columns[ref] = true
		f.x, f.k = f.let("", "Acc | sort .k | join Note on .zqref as o { .k }")+"[0].o.k", str
	}},
	{"the row of an insert", []place{inBody}, func(f *flow) {
		if f.b.chance(50) {
			f.x, f.k = f.let("", "insert Copy { zqkeep: u.zqstr }")+".zqkeep", str
			return
		}
		f.x, f.k = f.let("", `upsert Note { k: "n", acc: "a0", text: "t", zqmemo: u.zqstr }`)+".zqmemo", str
	}},
	{"the row of an update", []place{inBody}, func(f *flow) { f.x, f.k = f.let("", `update u { pub: "pub" }`)+".zqstr", str }},
	{"number of rows updated", []place{inBody}, func(f *flow) { f.x, f.k = `(update Acc where .zqstr < "n" { size: 5 })`, num }},
	{"number of rows whose secret is updated", []place{inBody}, func(f *flow) {
		f.x, f.k = `(update Acc where .zqstr < "n" { zqstr: upper(.zqstr) })`, num
	}},
	{"number of rows deleted", []place{inBody}, func(f *flow) { f.x, f.k = `(delete Note where .zqmemo < "n")`, num }},
	{"a function that reads", []place{inBody, inValue}, func(f *flow) {
		f.b.declare("fn read(k: string) -> string {\n  let a = Acc | find(k)\n  if a == null { return \"-\" }\n  return a.zqstr\n}")
		f.x, f.k = `read("a0")`, str
	}},
	{"a function of a row", []place{inBody}, func(f *flow) {
		f.b.declare("fn field(a: Acc) -> string = a.zqstr")
		f.x, f.k = `field(u)`, str
	}},
}

// open takes the secret out of a record that contains it, if the field has a name.
func (f *flow) open() {
	b := f.b
	if !holders[f.k] {
		return
	}
	if f.place == inRow {
		switch f.k {
		case card:
			f.x, f.k = f.x+".zqnum", str
		case ocard:
			f.x, f.k = "("+f.x+`?.zqnum ?? "-")`, str
		case deep:
			f.x, f.k = f.x+".card.zqnum", str
		default:
			f.x = strings.TrimSuffix(f.x, column(f.k)) + "zqstr"
			b.columns[str] = true
			f.k = str
		}
		return
	}
	switch f.k {
	case card:
		switch b.r.IntN(5) {
		case 0:
			b.took("record to json")
			f.x, f.k = "("+f.let("json", f.x)+" as "+typeOf[naked]+").zqnum", str
		case 1:
			b.took("fit")
			f.x, f.k = f.let(typeOf[naked], f.x), naked
		case 2:
			b.took("spread")
			f.x, f.k = f.let("", "{ ..."+f.x+", extra: 1 }")+".zqnum", str
		case 3:
			b.declare("fn inside(c: Card) -> string = c.zqnum")
			b.took("function of a record")
			f.x, f.k = "inside("+f.x+")", str
		default:
			f.x, f.k = f.x+".zqnum", str
		}
	case ocard:
		f.x, f.k = f.x+"?.zqnum", ostr
	case lcard:
		f.x, f.k = pick(b, f.x+"[0].zqnum", "(("+f.x+" as e | map e.zqnum | first()) ?? \"-\")"), str
	case mcard:
		f.x, f.k = f.x+`["a"]?.zqnum`, ostr
	case deep:
		f.x, f.k = f.x+pick(b, ".card.zqnum", ".more[0].zqnum"), str
	case pay:
		b.took("match on a union")
		f.x, f.k = f.let("", "match "+f.x+" {\n    Wire w => w.zqiban\n    Cash c => c.note\n  }"), str
	}
}

// on applies some random transfers.
func (f *flow) on(steps int) *flow {
	for range steps {
		var fit []transfer
		for _, t := range transfers {
			if t.takes(f.k) && t.stands(f.place) {
				fit = append(fit, t)
			}
		}
		if len(fit) == 0 {
			break
		}
		t := pick(f.b, fit...)
		f.x = t.make(f, f.x)
		if t.gives != "" {
			f.k = t.gives
		}
		f.b.took(t.what)
	}
	return f
}

// to converts the flow to a kind.
func (f *flow) to(k kind) *flow {
	if f.k == k {
		return f
	}
	switch k {
	case str:
		f.x, f.k = text(f.k, f.x), str
	case yes:
		f.x, f.k = f.asked(), yes
	case num:
		if f.k == float {
			f.x, f.k = "round("+f.x+")", num
			break
		}
		f.x, f.k = "(if "+f.asked()+" then 1 else 0)", num
	}
	return f
}

// askable are the kinds that a database can compare.
var askable = map[kind]bool{
	str: true, num: true, float: true, yes: true, at: true, span: true,
	ident: true, hue: true, ref: true, ostr: true, onum: true,
}

// asked is a condition on the value that differs between the two databases.
func (f *flow) asked() string {
	b := f.b
	if f.place == inRow && !askable[f.k] { // a database cannot compare it
		if !b.secret {
			return "(" + f.row + `.pub < "n")`
		}
		b.columns[str] = true
		f.x, f.k = f.row+".zqstr", str
	}
	switch f.k {
	case yes:
		return f.x
	case num:
		return pick(b, "("+f.x+" > 500000000000)", "("+f.x+" < 500000000000)", "(500000000000 < "+f.x+")")
	case float:
		return "(" + f.x + " > 500000000000.0)"
	case at:
		return "(" + f.x + " < now() + 4000d)"
	case span:
		return "(" + f.x + " > duration(500000000000))"
	case hue:
		return `(` + f.x + ` == "red")`
	case ref:
		return `(` + f.x + ` == "a0")`
	case lstr, lnum, mnum, mstr:
		if f.place != inRow {
			return "(length(" + f.x + ") > " + pick(b, "1", "2") + ")"
		}
	case str:
		return pick(b, "("+f.x+` < "n")`, "startsWith("+f.x+`, "b")`)
	case raw:
		return "(length(" + f.x + ") < 20)"
	case ostr:
		return "((" + f.x + ` ?? "-") < "n")`
	case onum:
		return "((" + f.x + " ?? 0) > 500000000000)"
	}
	if s := text(f.k, f.x); s != "" {
		return "(" + s + ` < "n")`
	}
	return "(" + f.x + " == null)"
}
