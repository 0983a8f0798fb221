// Package leak makes random programs that try to leak secrets, or to show one caller the data of another. It runs those that the compiler
// accepts: nothing may leak. Each secret is a canary, which is searched for in all output. Each program runs on two databases that differ
// only in their secrets, and nobody may be able to distinguish them.
//
// It imports the compiler, the Go emitter and the runtime, since it needs all of them.
package leak

// kind is a type of the language that programs use.
type kind string

// The kinds. ref is a string that contains the key of a row. Those from card on contain secret fields, and may be sent without these.
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

// typeOf is the type of each kind, in the language.
var typeOf = map[kind]string{
	str: "string", num: "int", float: "float", yes: "bool",
	at: "time", span: "duration", raw: "bytes", doc: "json", ident: "id", hue: "Hue", ref: "string",
	ostr: "string?", onum: "int?", lstr: "[string]", lnum: "[int]", mnum: "[string: int]", mstr: "[string: string]", plain: "Plain",
	card: "Card", ocard: "Card?", lcard: "[Card]", mcard: "[string: Card]", deep: "Deep", pay: "Pay",
	naked: "{ zqnum: string, last4: string, zqcode: int }", seen: "{ k: string, zqstr: string }",
}

// holders are the kinds with secret fields of their own.
var holders = map[kind]bool{card: true, ocard: true, lcard: true, mcard: true, deep: true, pay: true}

// plainKinds and holderKinds are the kinds of columns.
var (
	plainKinds  = []kind{str, num, float, yes, at, span, raw, doc, ident, hue, ref, ostr, onum, lstr, lnum, mnum, mstr, plain}
	holderKinds = []kind{card, ocard, lcard, mcard, deep, pay}
)

// types are the declarations that a module may need, by their purpose.
const recordTypes = `type Plain { x: string, n: int }
type Card { zqnum: string secret, last4: string, zqcode: int secret }
type Deep { label: string, card: Card, more: [Card] }
type Hue = "red" | "blue"
type Wide = "red" | "blue" | "green"
type Cash { kind: "cash", note: string }
type Wire { kind: "wire", zqiban: string secret, note: string }
type Pay = Cash | Wire
`

// column is the secret field of table Acc for a kind.
func column(k kind) string {
	if holders[k] {
		return string(k)
	}
	return "zq" + string(k)
}

// text converts a value that is not a record to a string.
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
