package leak

import (
	"fmt"

	"github.com/livec-lang/livec/leak/play"
)

// Each of leakers makes one leak. harmless are uses that leak nothing: the same doors with public values, and allowed uses of secrets.
var leakers, harmless []func(b *builder)

func init() {
	leakers = append(leakers, doors...)
	leakers = append(leakers, tableAsType)
	harmless = append(harmless, doors...)
	for range 3 {
		harmless = append(harmless, fairUses...)
	}
}

// fair makes an rpc that uses secrets in an allowed way.
func fair(what, result, body string, more ...string) func(b *builder) {
	return func(b *builder) {
		name := b.name("rpc")
		for _, m := range more {
			b.declare(m)
		}
		of := ""
		if result != "" {
			of = " -> " + result
		}
		b.add(chunk{what: what, text: fmt.Sprintf("rpc %s(k: string)%s public {\n%s%s}\n", name, of, head, body), act: calls(name)})
	}
}

// holds is fair for columns that not every module has.
func holds(k kind, f func(b *builder)) func(b *builder) {
	return func(b *builder) {
		b.columns[k] = true
		f(b)
	}
}

func shows(what, text string, k kind) func(b *builder) {
	return func(b *builder) {
		if k != "" {
			b.columns[k] = true
		}
		name := b.name("live")
		b.add(chunk{what: what, text: fmt.Sprintf(text, name), open: follow(name, "[]")})
	}
}

var fairUses = []func(b *builder){
	fair("row", "Acc", "  return u\n"),
	fair("rows", "[Acc]", "  return Acc | filter .k == u.k\n"),
	fair("row in a record", "{ row: Acc, n: int }", "  return { row: u, n: 1 }\n"),
	fair("row in a list", "[Acc]", "  return [u]\n"),
	fair("row behind an update", "Acc", "  return update u { zqstr: upper(u.zqstr) }\n"),
	fair("secret kept", "Note", "  return upsert Note { k: \"kept\", acc: k, text: \"t\", zqmemo: u.zqstr }\n"),
	holds(lstr, fair("secret element kept", "", "  update u { zqstr: last(u.zqlstr) ?? \"\", zqlstr: reverse(u.zqlstr) }\n")),
	fair(
		"secret given to a function in Go that keeps it", "", "  let kept = keep(u.zqstr)\n  update u { zqstr: kept }\n",
		"extern fn keep(text: string secret) -> string from \""+outsidePackage+"\" retryable",
	),
	fair("secret kept by a function", "", "  update u { zqstr: twice(u.zqstr) }\n", "fn twice(x: string) -> string = \"{x}{x}\""),
	fair("secret compared", "bool", "  return sameText(u.zqstr, \"guess\")\n"),
	fair("secret compared in a branch", "string", "  if sameText(u.zqstr, \"guess\") { return \"in\" }\n  return \"out\"\n"),
	fair("secret required", "string", "  require sameText(hmac(u.zqstr, \"data\"), \"guess\") else WRONG \"no\"\n  return \"in\"\n"),
	fair("password", "bool", "  return checkPassword(\"guess\", u.zqstr)\n"),
	holds(ostr, fair("secret or null", "bool", "  return u.zqostr != null\n")),
	holds(ostr, fair("branch on null", "string", "  if u.zqostr == null { return \"none\" }\n  return \"some\"\n")),
	fair(
		"function that drops it", "string", "  return second(u.zqstr, u.pub)\n",
		"fn second(x: string, y: string) -> string = if length(y) > 0 then y else \"-\"",
	),
	fair("function of a row", "string", "  return shown(u)\n", "fn shown(a: Acc) -> string = \"{a.pub} {a.grp}\""),
	fair("public field of a list of rows", "[string]", "  return (Acc | sort .k) as a | map a.pub\n"),
	fair("record of a row", "{ k: string, pub: string }", "  let v: { k: string, pub: string } = { k: u.k, pub: u.pub }\n  return v\n"),
	holds(card, fair("record that holds one", "Card", "  return u.card\n")),
	holds(card, fair("public field of such a record", "string", "  return u.card.last4\n")),
	holds(lcard, fair("list of such records", "{ list: [Card], n: int }", "  return { list: u.lcard, n: length(u.lcard) }\n")),
	holds(mcard, fair("map of such records", "[string: Card]", "  return u.mcard\n")),
	holds(ocard, fair("such a record or null", "Card?", "  return u.ocard\n")),
	holds(deep, fair("record in a record", "Deep", "  return u.deep\n")),
	holds(deep, fair(
		"function of such a record", "string", "  return label(u.deep)\n", "fn label(d: Deep) -> string = \"{d.label} {d.card.last4}\"",
	)),
	holds(pay, fair("union that holds one", "Pay", "  return u.pay\n")),
	holds(pay, fair("match on such a union", "string", "  return match u.pay {\n    Wire w => w.note\n    Cash c => c.note\n  }\n")),
	fair(
		"loop over rows", "int",
		"  for a in (Acc | filter .k == k) { upsert Note { k: \"loop\", acc: a.k, text: a.pub, zqmemo: a.zqstr } }\n  return 1\n",
	),
	fair("log", "", "  log info \"seen {k}\" { pub: u.pub }\n"),
	fair("list that holds one", "string", "  let pair = { hidden: u.zqstr, shown: u.pub }\n  return pair.shown\n"),
	fair("count", "int", "  return Acc | filter .grp == u.grp | count()\n"),
	fair("user", "User?", "  return if u.size > 0 then ctx.user else null\n"),
	shows("stream of rows", "stream %s public = Acc | sort .k\n", ""),
	shows("stream of rows that hold one", "stream %s public = Acc | filter .grp == \"g\" | sort .size | limit 10\n", deep),
	shows("stream of records", "stream %s public = Acc | sort .k | map { .k, .card }\n", card),
	shows("stream of unions", "stream %s public = Acc | sort .k | map { .k, .pay }\n", pay),
	shows("stream of a join", "stream %s public = Note | sort .k | join Acc on .acc as o\n", mcard),
	shows("stream of groups", "stream %s public = Acc | group .grp { .grp, n: count(), most: max(.size) } | sort .grp\n", ""),
	shows("stream of a count", "stream %s public = Note | count()\n", ""),
	shows("derived stream of rows", "stream %s public { return { rows: (Acc | sort .k), n: (Note | count()) } }\n", lcard),
	shows("published stream of rows", "stream %s -> [Acc] public merge crud key k { return Acc | sort .k }\n", ocard),
	revealed, presenceOfUser, guardOfRow, publishRow,
}

// revealed returns a column that is secret but not a canary.
func revealed(b *builder) {
	name, t := b.name("live"), "Open"+b.name("")
	b.add(chunk{
		what: "reveal",
		text: fmt.Sprintf(
			"table %s { k: string key, zqopen: string secret }\nrpc %sb(k: string) public { upsert %s { k, zqopen: \"open\" } }\n"+
				"stream %s public = %s | sort .k | map { .k, shown: reveal(.zqopen) }\n",
			t, name, t, name, t,
		),
		open: follow(name, "[]"),
		act:  []play.Step{call(0, name+"b", `["o1"]`)},
	})
}

func presenceOfUser(b *builder) {
	name := b.name("room")
	b.add(chunk{
		what: "room",
		text: fmt.Sprintf(
			"room %s(n: int) guard signedIn {\n  data = Acc | sort .k\n  presence = { name: ctx.user.name }\n"+
				"  rpc who() -> User { return ctx.user }\n}\n",
			name,
		),
		open: append(follow(name+".data", "[1]"), follow(name+".presence", "[1]")...),
		act:  []play.Step{call(0, name+".who", "[1]"), call(2, name+".who", "[1]")},
	})
}

func guardOfRow(b *builder) {
	name, g := b.name("rpc"), b.name("guard")
	b.add(chunk{
		what: "guard",
		text: fmt.Sprintf(
			"guard %s(k: string) -> { row%s: Acc } {\n%s  return { row%s: u }\n}\nrpc %s(k: string) -> Acc guard %s(k) { return ctx.row%s }\n",
			g, g, head, g, name, g, g,
		),
		act: calls(name),
	})
}
