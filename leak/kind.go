// Package leak makes random programs that try to let secrets out, or to show one caller what is another's, and runs those that the
// compiler accepts: nothing may leak. Each secret is a canary, which is looked for
// in all that comes out; and each program is played on two databases that differ in their secrets only, which nobody may be able to
// tell apart.
//
// It stands above the compiler, the Go emitter and the runtime, since it needs all of them.
package leak

// kind is a type of the language, of those that programs are made of.
type kind string

// The kinds. ref is a string that holds the key of a row. Those from card on hold secret fields, and may leave without these.
const (
	str   kind = "str"
	num   kind = "num"
	float kind = "float"
	yes   kind = "yes"
	at    kind = "at"
	span  kind = "span"
	raw   kind = "raw"
	doc   kind = "doc"
	ident kind = "ident"
	hue   kind = "hue"
	ref   kind = "ref"
	ostr  kind = "ostr"
	onum  kind = "onum"
	lstr  kind = "lstr"
	lnum  kind = "lnum"
	mnum  kind = "mnum"
	mstr  kind = "mstr"
	plain kind = "plain"

	card  kind = "card"
	ocard kind = "ocard"
	lcard kind = "lcard"
	mcard kind = "mcard"
	deep  kind = "deep"
	pay   kind = "pay"

	naked kind = "naked" // a Card without its name
	seen  kind = "seen"  // columns of a row without its name
)

// typeOf is how a kind is written.
var typeOf = map[kind]string{
	str: "string", num: "int", float: "float", yes: "bool",
	at: "time", span: "duration", raw: "bytes", doc: "json", ident: "id", hue: "Hue", ref: "string",
	ostr: "string?", onum: "int?", lstr: "[string]", lnum: "[int]", mnum: "[string: int]", mstr: "[string: string]", plain: "Plain",
	card: "Card", ocard: "Card?", lcard: "[Card]", mcard: "[string: Card]", deep: "Deep", pay: "Pay",
	naked: "{ zqnum: string, last4: string, zqcode: int }", seen: "{ k: string, zqstr: string }",
}

// holders are the kinds that have secret fields of their own.
var holders = map[kind]bool{card: true, ocard: true, lcard: true, mcard: true, deep: true, pay: true}

// plainKinds and holderKinds are those of columns.
var (
	plainKinds  = []kind{str, num, float, yes, at, span, raw, doc, ident, hue, ref, ostr, onum, lstr, lnum, mnum, mstr, plain}
	holderKinds = []kind{card, ocard, lcard, mcard, deep, pay}
)

// types are those that a module declares, by what they are for.
const recordTypes = `type Plain { x: string, n: int }
type Card { zqnum: string secret, last4: string, zqcode: int secret }
type Deep { label: string, card: Card, more: [Card] }
type Hue = "red" | "blue"
type Wide = "red" | "blue" | "green"
type Cash { kind: "cash", note: string }
type Wire { kind: "wire", zqiban: string secret, note: string }
type Pay = Cash | Wire
`

// column is the field of table Acc with a secret of a kind.
func column(k kind) string {
	if holders[k] {
		return string(k)
	}
	return "zq" + string(k)
}

// text makes a string of a value that is no record.
func text(k kind, x string) string {
	switch k {
	case str, ref:
		return x
	case num, float, at, span, yes, hue, ident:
		return "string(" + x + ")"
	case ostr:
		return "(" + x + ` ?? "-")`
	case onum:
		return "string(" + x + " ?? 0)"
	case lstr:
		return "join(" + x + `, ",")`
	case lnum:
		return "join((" + x + ` as e | map string(e)), ",")`
	case mnum:
		return "join(keys(" + x + `), ",")`
	case mstr:
		return "join(values(" + x + `), ",")`
	case plain:
		return x + ".x"
	case doc:
		return "(" + x + " as Parsed).a"
	case raw:
		return "string(length(" + x + "))"
	case naked:
		return x + ".zqnum"
	case seen:
		return x + ".zqstr"
	}
	return ""
}
