package leak

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/leak/play"
)

// copies adds to a chunk a stream of table Copy, so that its rows are seen.
func copies(b *builder, c chunk) chunk {
	name := b.name("copies")
	c.text = fmt.Sprintf("stream %s public = Copy | sort .id | limit 30\n", name) + c.text
	c.open = append(c.open, follow(name, "[]")...)
	return c
}

// into is a field of a record for table Copy with the value: a column of its type, or a text.
func (b *builder) into(f *flow) string {
	if f.k == ostr || f.k == onum || b.chance(50) {
		f.to(str)
	}
	if f.k == str || f.k == ref {
		return "text: " + f.x
	}
	b.copies[f.k] = true
	return "c" + string(f.k) + ": " + f.x
}

func insertColumn(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	member := b.into(f)
	b.took("inserted column")
	b.add(copies(b, chunk{
		what: "insert",
		text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s  insert Copy { %s }\n}\n", name, head, &f.pre, member),
		act:  calls(name),
	}))
}

func updateColumn(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	member := b.into(f)
	b.took("updated column")
	b.add(copies(b, chunk{
		what: "update",
		text: fmt.Sprintf(
			"rpc %s(k: string) public {\n%s%s  let row = insert Copy { n: 1 }\n  update row { %s }\n}\n", name, head, &f.pre, member,
		),
		act: calls(name),
	}))
}

func updateWhere(b *builder) {
	name := b.name("rpc")
	if b.chance(40) {
		b.took("column of the stored row")
		x := ".zqkeep"
		if !b.secret {
			x = ".text"
		}
		b.add(copies(b, chunk{
			what: "update where",
			text: fmt.Sprintf(
				"rpc %s(k: string) public {\n%s  insert Copy { zqkeep: u.zqstr }\n  update Copy where .n == 0 { text: %s }\n}\n", name, head, x,
			),
			act: calls(name),
		}))
		return
	}
	f := b.way(inBody, "")
	if b.chance(50) {
		f.to(yes)
		b.took("rows to update")
		b.add(copies(b, chunk{
			what: "update where",
			text: fmt.Sprintf(
				"rpc %s(k: string) public {\n%s%s  insert Copy { n: 0 }\n  let ask = %s\n"+
					"  update Copy where .n == 0 && ask { text: \"was\" }\n}\n",
				name, head, &f.pre, f.x,
			),
			act: calls(name),
		}))
		return
	}
	member := b.into(f)
	v := f.let("", member[strings.Index(member, ": ")+2:])
	member = member[:strings.Index(member, ": ")+2] + v
	b.took("column of rows")
	b.add(copies(b, chunk{
		what: "update where",
		text: fmt.Sprintf(
			"rpc %s(k: string) public {\n%s%s  insert Copy { n: 0 }\n  update Copy where .n == 0 { %s }\n}\n", name, head, &f.pre, member,
		),
		act: calls(name),
	}))
}

func upsertColumn(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(str)
	b.took("upserted column")
	see := b.name("notes")
	b.add(chunk{
		what: "upsert",
		text: fmt.Sprintf(
			"stream %s public = Note | sort .k\nrpc %s(k: string) public {\n"+
				"%s%s  upsert Note { k: \"up\", acc: k, text: %s, zqmemo: \"-\" }\n}\n",
			see, name, head, &f.pre, f.x,
		),
		open: follow(see, "[]"),
		act:  calls(name),
	})
}

func keyOfRow(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(str)
	b.took("key of a row")
	see := b.name("keyed")
	write := pick(b, "upsert Keyed { k: %s, v: 1 }", "upsert Keyed { v: 1, k: %s }")
	b.add(chunk{
		what: "insert",
		text: fmt.Sprintf(
			"stream %s public = Keyed | sort .v\nrpc %s(k: string) public {\n%s%s  "+write+"\n}\n", see, name, head, &f.pre, f.x,
		),
		open: follow(see, "[]"),
		act:  calls(name),
	})
}

// branchWrites makes a value decide what is stored.
func branchWrites(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("branch that writes")
	body := pick(
		b, "  if $ { insert Copy { text: \"t\" } }\n", "  let row = insert Copy { text: \"t\" }\n  if $ { delete row }\n",
		"  insert Copy { n: 0 }\n  if $ { update Copy where .n == 0 { n: 1 } }\n",
		"  if $ {\n    insert Copy { text: \"y\" }\n  } else {\n    insert Copy { text: \"n\" }\n  }\n",
		"  insert Copy { n: 0 }\n  if $ { delete Copy where .n == 0 }\n",
	)
	b.add(copies(b, chunk{
		what: "branch",
		text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s%s}\n", name, head, &f.pre, strings.ReplaceAll(body, "$", f.x)),
		act:  calls(name),
	}))
}

// branchLeaves makes a value decide what is returned.
func branchLeaves(b *builder) {
	name, s, w := b.name("rpc"), b.name("sig"), b.name("wire")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("branch that sends")
	body := pick(
		b, "  if $ { publish "+w+" sent { n: 1 } }\n", "  if $ { signal "+s+"(1) to ctx.user.id }\n", "  if $ { log info \"yes\" {} }\n",
	)
	b.add(chunk{
		what: "branch",
		text: fmt.Sprintf(
			"signal %s(v: int)\nchannel %s -> { n: int } public merge latest 9\nrpc %s(k: string) guard signedIn {\n%s%s%s}\n", s, w, name,
			head, &f.pre, strings.ReplaceAll(body, "$", f.x),
		),
		open: follow(w, "[]"),
		act:  calls(name),
	})
}

func guardDecides(b *builder) {
	b.reads = true
	defer func() { b.reads = false }()
	name, g := b.name("rpc"), b.name("guard")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("guard that decides")
	b.add(chunk{
		what: "guard",
		text: fmt.Sprintf(
			"guard %s(k: string) {\n%s%s  require %s else NO\n}\nrpc %s(k: string) -> string guard %s(k) { return \"y\" }\n", g, head, &f.pre,
			f.x, name, g,
		),
		act: calls(name),
	})
}

func guardAdds(b *builder) {
	b.reads = true
	defer func() { b.reads = false }()
	name, g := b.name("rpc"), b.name("guard")
	f := b.way(inBody, "")
	b.took("guard that adds to ctx")
	if b.secret && b.chance(25) {
		b.took("row added to ctx")
		b.add(chunk{
			what: "guard",
			text: fmt.Sprintf(
				"guard %s(k: string) -> { row%s: Acc } {\n%s  return { row%s: u }\n}\n"+
					"rpc %s(k: string) -> string guard %s(k) { return ctx.row%s.zqstr }\n",
				g, g, head, g, name, g, g,
			),
			act: calls(name),
		})
		return
	}
	v := "v" + g
	if b.chance(30) {
		s := b.name("made")
		b.add(chunk{
			what: "guard",
			text: fmt.Sprintf(
				"guard %s(k: string) -> { %s: %s } {\n%s%s  return { %s: %s }\n}\n"+
					"stream %s(k: string) -> { v: %s } guard %s(k) { return { v: ctx.%s } }\n",
				g, v, typeOf[f.k], head, &f.pre, v, f.x, s, typeOf[f.k], g, v,
			),
			open: follow(s, `["a0"]`),
		})
		return
	}
	b.add(chunk{
		what: "guard",
		text: fmt.Sprintf(
			"guard %s(k: string) -> { %s: %s } {\n%s%s  return { %s: %s }\n}\nrpc %s(k: string) -> %s guard %s(k) { return ctx.%s }\n", g, v,
			typeOf[f.k], head, &f.pre, v, f.x, name, typeOf[f.k], g, v,
		),
		act: calls(name),
	})
}

func accessDecides(b *builder) {
	name := b.name("rpc")
	f := b.start(inValue, "").on(b.r.IntN(3))
	f.to(yes)
	b.took("access")
	b.add(chunk{
		what: "access",
		text: fmt.Sprintf("rpc %s(k: string) -> string access %s { return \"y {k}\" }\n", name, f.x),
		act:  calls(name),
	})
}

func gateDecides(b *builder) {
	name := b.name("live")
	f := b.start(inValue, "").on(b.r.IntN(3))
	f.to(yes)
	b.took("gate")
	b.add(chunk{what: "gate", text: fmt.Sprintf("stream %s public gate %s = Note | sort .k\n", name, f.x), open: follow(name, "[]")})
}

func rateCounts(b *builder) {
	name := b.name("rpc")
	f := b.start(inValue, "").on(b.r.IntN(3))
	f.to(yes)
	b.took("rate")
	// Two calls of two callers share a count only if their values are equal.
	b.add(chunk{
		what: "rate",
		text: fmt.Sprintf("rpc %s(k: string) -> string public rate 1 per 1h by (if %s then \"p\" else k) { return \"y {k}\" }\n", name, f.x),
		act:  []play.Step{call(0, name, `["p"]`), call(1, name, `["p"]`), call(2, name, `["q"]`), call(0, name, `["r"]`)},
	})
}

func lifecycle(b *builder) {
	name := b.name("wire")
	f := b.start(inBody, "u").on(b.r.IntN(3))
	f.to(str)
	v := f.let("", f.x)
	b.took("on subscribe")
	body := pick(b, "    log info \"in {%s}\" {}\n", "    insert Copy { text: %s }\n")
	pre := strings.ReplaceAll(f.pre.String(), "\n  ", "\n    ")
	b.add(copies(b, chunk{
		what: "on subscribe",
		text: fmt.Sprintf("channel %s(k: string) -> { n: int } public merge latest 9 on subscribe {\n%s%s"+body+"}\n", name, head, pre, v),
		open: follow(name, `["a0"]`),
	}))
}

// policyDecides makes a policy depend on a column: who sees a row, or who may change it.
func policyDecides(b *builder) {
	name, t, s := b.name("rpc"), "Pol"+b.name(""), b.name("live")
	b.took("policy")
	c := ".pub"
	if b.secret {
		c = ".zqword"
	}
	word := pick(b, "read if", "write if")
	b.columns[str] = true
	b.add(chunk{
		what: "policy",
		text: fmt.Sprintf(
			"table %s { k: string key, pub: string, zqword: string secret\n  %s %s < \"n\" }\nrpc %s(k: string) public {\n"+
				"%s  insert %s { k, pub: u.pub, zqword: u.zqstr }\n}\n"+
				"rpc %sb(k: string) -> int public { return update %s where .k == k { pub: \"w\" } }\n"+
				"stream %s public = %s | sort .k | map { .k, .pub }\n",
			t, word, c, name, head, t, name, t, s, t,
		),
		open: follow(s, "[]"),
		act:  append(calls(name), calls(name+"b")...),
	})
}

// setByClient passes a patch, or a whole row, with secret fields, which no client may set.
func setByClient(b *builder) {
	name := b.name("rpc")
	if b.chance(50) {
		b.took("patch")
		field := "pub"
		if b.secret {
			field = "zqstr"
		}
		step := call(2, name, `["a0",{"`+field+`":"w"}]`)
		step.Fails = b.secret
		b.add(chunk{
			what: "patch",
			text: fmt.Sprintf("rpc %s(k: string, patch: Acc.patch) -> Acc public {\n%s  return update u patch\n}\n", name, head),
			act:  []play.Step{step},
		})
		return
	}
	b.took("row as a parameter")
	step := call(2, name, `[{"k":"w","acc":"a0","text":"t"}]`)
	if b.secret {
		step = call(2, name, `[{"k":"w","acc":"a0","text":"t","zqmemo":"w"}]`)
		step.Fails = true
	}
	b.add(chunk{
		what: "row as a parameter",
		text: fmt.Sprintf("rpc %s(note: Note) -> string public { return note.text }\n", name),
		act:  []play.Step{step},
	})
}

// publishRow sends whole rows and records with secret fields. Only the secret fields must be left out.
func publishRow(b *builder) {
	if b.secret {
		b.took("record that holds a secret")
	}
	k := pick(b, holderKinds...)
	b.columns[k] = true
	name, to := b.name("rpc"), b.name("told")
	of, x := typeOf[k], "u."+column(k)
	if b.chance(30) {
		of, x = "Acc", "u"
	}
	if b.secret && b.chance(40) {
		b.took("to json")
		of, x = "json", "{ v: "+x+" }"
	}
	b.add(chunk{
		what: "publish",
		text: fmt.Sprintf(
			"signal s%s(v: %s)\nstream %s -> { v: %s? } public merge set { return { v: null } }\nchannel c%s -> { v: %s } public merge latest 5\n"+
				"rpc %s(k: string) public {\n%s  publish %s set { v: %s }\n  publish c%s sent { v: %s }\n"+
				"  if ctx.user != null { signal s%s(%s) to ctx.user.id }\n}\n",
			to, of, to, strings.TrimSuffix(of, "?"), to, of, name, head, to, x, to, x, to, x,
		),
		open: append(follow(to, "[]"), follow("c"+to, "[]")...),
		act:  calls(name),
	})
}

// tableAsType stores a whole row in a field of another one.
func tableAsType(b *builder) {
	name, t, see := b.name("rpc"), "Held"+b.name(""), b.name("live")
	b.took("table as the type of a field")
	b.columns[str] = true
	b.add(chunk{
		what: "table as a type",
		text: fmt.Sprintf(
			"table %s { k: string key, acc: Acc }\nstream %s public = %s | sort .k\nrpc %s(k: string) -> %s public {\n"+
				"%s  return upsert %s { k, acc: u }\n}\n",
			t, see, t, name, t, head, t,
		),
		open: follow(see, "[]"),
		act:  calls(name),
	})
}
