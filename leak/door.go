package leak

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/leak/play"
)

// both is the same arguments for both databases.
func both(args string) [databases]string { return [databases]string{args, args} }

func call(who int, name, args string) play.Step {
	return play.Step{Do: play.Call, Who: who, Name: name, Args: both(args)}
}

// follow subscribes all callers to a stream, over the socket and as events.
func follow(name, args string) []play.Step {
	var out []play.Step
	for who := range 3 {
		out = append(out, play.Step{Do: play.Subscribe, Who: who, Name: name, Args: both(args)})
	}
	return append(out, play.Step{Do: play.Events, Who: 2, Name: name, Args: both(args)})
}

// head finds the row that bodies speak of.
const head = "  let u = Acc | find(k)\n  require u != null else NOT_FOUND\n"

// way is a flow of some steps.
func (b *builder) way(p place, row string) *flow { return b.start(p, row).on(b.r.IntN(4)) }

// result names the type of a value and wraps the value in more, some of the time.
func (b *builder) result(f *flow) (of, x string) {
	of, x = typeOf[f.k], f.x
	switch b.r.IntN(7) {
	case 0:
		return "{ v: " + of + " }", "{ v: " + x + " }"
	case 1:
		return "{ a: int, in: { v: " + of + " } }", "{ a: 1, in: { v: " + x + " } }"
	case 2:
		return "[" + of + "]", "[" + x + "]"
	case 3:
		if !strings.HasSuffix(of, "?") {
			return "[string: " + of + "]", `{ "v": ` + x + " }"
		}
	case 4:
		if !strings.HasSuffix(of, "?") {
			return "(" + of + ")?", x
		}
	}
	return of, x
}

// calls are calls of an rpc that takes the key of a row.
func calls(name string) []play.Step {
	return []play.Step{call(0, name, `["a0"]`), call(2, name, `["a1"]`), call(1, name, `["none"]`)}
}

// doors are the ways out. Where the builder's flows start at secrets, each makes one leak; else none.
var doors = []func(b *builder){
	rpcResult, rpcResult, rpcResult, rpcBranch, rpcLoop, rpcFailure, rpcOperation, rpcMessage, rpcLog,
	pipelineResult, pipelineResult, pipelineResult, liveStream, liveStream, derivedStream, publishedStream, publishData, channelData, publishArgument, roomData, roomPresence, roomAction,
	signalArgument, signalReceiver, externArgument, insertColumn, insertColumn, updateColumn, upsertColumn, updateWhere, keyOfRow,
	branchWrites, branchLeaves, guardDecides, guardAdds, accessDecides, gateDecides, rateCounts, lifecycle, policyDecides, setByClient, publishRow,
}

func rpcResult(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	of, x := b.result(f)
	b.took("rpc result")
	b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) -> %s public {\n%s%s  return %s\n}\n", name, of, head, &f.pre, x), act: calls(name)})
}

func rpcBranch(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("rpc branch")
	body := pick(b,
		"  if $ { return \"y\" }\n  return \"n\"\n", "  if $ { return \"y\" } else { return \"n\" }\n", "  match $ {\n    true => { return \"y\" }\n    _ => { return \"n\" }\n  }\n",
		"  if u.size > 0 {\n    if $ { return \"y\" }\n  }\n  return \"n\"\n")
	if strings.Contains(body, "match") {
		body = "  match string($) {\n    \"true\" => { return \"y\" }\n    _ => { return \"n\" }\n  }\n"
	}
	b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s%s}\n", name, head, &f.pre, strings.ReplaceAll(body, "$", f.x)), act: calls(name)})
}

func rpcLoop(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	if f.k != lstr {
		f.to(str)
		f.x, f.k = `split(`+f.x+`, "5")`, lstr
	}
	b.took("loop")
	body := pick(b, "  for e in $ {\n    if length(e) > 0 { return e }\n  }\n", "  for e in $ { insert Copy { text: \"t\" } }\n", "  for e in $ { log info \"one\" {} }\n", "  for e in $ { insert Copy { text: e } }\n")
	b.add(copies(b, chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s%s  return \"-\"\n}\n", name, head, &f.pre, strings.ReplaceAll(body, "$", f.x)), act: calls(name)}))
}

// rpcFailure decides by a value whether a call fails.
func rpcFailure(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("failure")
	body := pick(b, "  require $ else WRONG\n", "  if $ { fail WRONG \"no\" }\n", "  if !$ { fail WRONG }\n")
	b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s%s  return \"y\"\n}\n", name, head, &f.pre, strings.ReplaceAll(body, "$", f.x)), act: calls(name)})
}

// rpcOperation decides by a value whether an operation fails, whatever it gives.
func rpcOperation(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("operation that may fail")
	x := pick(b, "div(10, (if $ then 1 else 0))", "[1][(if $ then 0 else 1)]", "((if $ then \"red\" else \"none\") as Hue)", "json((if $ then \"1\" else \"x\"))", "9007199254740991 + (if $ then 1 else 0)",
		"7 % (if $ then 1 else 0)", "-9007199254740991 - (if $ then 1 else 0)", "4503599627370496 * (if $ then 1 else 2)", "sqrt((if $ then 1.0 else -1.0))", "repeat(\"x\", (if $ then 1 else -1))",
		"(json((if $ then \"1\" else \"true\")) as int)")
	body := "  let done = " + strings.ReplaceAll(x, "$", f.x) + "\n  return if string(now()) == \"\" then \"{done}\" else \"y\"\n"
	if b.chance(25) {
		body = "  let done: string(1..2) = if " + f.x + " then \"a\" else u.pub\n  return if length(done) > 5 then \"y\" else \"n\"\n"
	}
	b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s%s}\n", name, head, &f.pre, body), act: calls(name)})
}

func rpcMessage(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(str)
	v := f.let("", f.x)
	b.took("message of a failure")
	body := pick(b, "  if u.size > 0 { fail WRONG \"no {%s}\" }\n", "  require u.size < 0 else WRONG \"no {%s}\"\n")
	b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s"+body+"  return \"y\"\n}\n", name, head, &f.pre, v), act: calls(name)})
}

func rpcLog(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	if b.chance(50) {
		f.to(str)
		v := f.let("", f.x)
		b.took("log message")
		b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s  log info \"it is {%s}\" {}\n}\n", name, head, &f.pre, v), act: calls(name)})
		return
	}
	b.took("log field")
	b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s  log warn \"it\" { v: %s }\n}\n", name, head, &f.pre, f.x), act: calls(name)})
}

// pipeline makes a pipeline over Acc with a flow in one of its stages. live: one that can be kept up to date. single: it gives one value, of the kind that is given.
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
			return source + " | group .grp { .grp, v: " + pick(b, "sum", "max", "min") + "(" + f.x + ") } | sort .grp | map { .grp, n: 1 }", "[{ grp: string, n: int }]"
		case str:
			return source + " | group .grp { .grp, v: " + pick(b, "max", "min") + "(" + f.x + ") } | sort .grp | map { .grp, v: .v ?? \"-\" }", "[{ grp: string, v: string }]"
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
		return "Note as note | sort .k | map { .k, v: (" + source + " | filter " + ask() + " && a.k == note.acc | count()) }", "[{ k: string, v: int }]"
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
		return source + " | filter " + ask() + " | sort .k | join Note on .k as o { .text } | map { .k, .o }", "[{ k: string, o: { text: string } }]"
	default:
		part("limit")
		return source + " | filter " + ask() + " | sort .k | limit 1 | map { .k }", "[{ k: string }]"
	}
}

// bare drops the parentheses around an expression: a key of a group is named without them.
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
		of = "[{ k: string, acc: string, text: string, o: { k: string, " + map[bool]string{true: "zqstr", false: "pub"}[b.secret] + ": string } }]"
		x += " | map { .k, .acc, .text, .o }"
	}
	b.add(chunk{what: "rpc", text: fmt.Sprintf("rpc %s() -> %s public {\n  return %s\n}\n", name, of, x), act: []play.Step{call(0, name, "[]"), call(2, name, "[]")}})
}

func liveStream(b *builder) {
	name := b.name("live")
	x, _ := b.pipeline(true)
	b.took("live stream")
	b.add(chunk{what: "live stream", text: fmt.Sprintf("stream %s public =\n  %s\n", name, x), open: follow(name, "[]")})
}

func derivedStream(b *builder) {
	b.reads = true
	defer func() { b.reads = false }()
	name := b.name("made")
	if b.chance(40) {
		x, _ := b.pipeline(false)
		b.took("derived stream of a pipeline")
		b.add(chunk{what: "derived stream", text: fmt.Sprintf("stream %s public {\n  return %s\n}\n", name, x), open: follow(name, "[]")})
		return
	}
	f := b.way(inBody, "")
	of, x := b.result(f)
	b.took("derived stream")
	b.add(chunk{what: "derived stream", text: fmt.Sprintf("stream %s(k: string) -> %s public {\n%s%s  return %s\n}\n", name, of, head, &f.pre, x), open: follow(name, `["a0"]`)})
}

func publishedStream(b *builder) {
	b.reads = true
	defer func() { b.reads = false }()
	name := b.name("told")
	f := b.way(inBody, "")
	b.took("first value of a published stream")
	b.add(chunk{what: "published stream", text: fmt.Sprintf("stream %s(k: string) -> { v: %s } public merge set {\n%s%s  return { v: %s }\n}\n", name, typeOf[f.k], head, &f.pre, f.x), open: follow(name, `["a0"]`)})
}

func publishData(b *builder) {
	name, to := b.name("rpc"), b.name("told")
	f := b.way(inBody, "")
	b.took("published event")
	b.add(chunk{what: "publish", text: fmt.Sprintf("stream %s -> [{ id: string, v: %s }] public merge latest 9 replay 20 { return [] }\nrpc %s(k: string) public {\n%s%s  publish %s created { id: k, v: %s }\n}\n",
		to, typeOf[f.k], name, head, &f.pre, to, f.x), open: follow(to, "[]"), act: calls(name)})
}

func channelData(b *builder) {
	name, to := b.name("rpc"), b.name("wire")
	f := b.way(inBody, "")
	b.took("event of a channel")
	b.add(chunk{what: "channel", text: fmt.Sprintf("channel %s -> { v: %s } public merge latest 9\nrpc %s(k: string) public {\n%s%s  publish %s sent { v: %s }\n}\n", to, typeOf[f.k], name, head, &f.pre, to, f.x),
		open: follow(to, "[]"), act: calls(name)})
}

func publishArgument(b *builder) {
	name, to := b.name("rpc"), b.name("wire")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("argument of publish")
	b.add(chunk{what: "channel", text: fmt.Sprintf("channel %s(to: string) -> { n: int } public merge latest 9\nrpc %s(k: string) public {\n%s%s  publish %s(if %s then \"p\" else \"q\") sent { n: 1 }\n}\n",
		to, name, head, &f.pre, to, f.x), open: append(follow(to, `["p"]`), follow(to, `["q"]`)...), act: calls(name)})
}

func roomData(b *builder) {
	name := b.name("room")
	x, _ := b.pipeline(true)
	b.took("data of a room")
	b.add(chunk{what: "room", text: fmt.Sprintf("room %s(n: int) public {\n  data = %s\n}\n", name, x), open: follow(name+".data", "[1]")})
}

func roomPresence(b *builder) {
	name := b.name("room")
	f := b.start(inValue, "").on(b.r.IntN(3))
	b.took("presence")
	b.add(chunk{what: "room", text: fmt.Sprintf("room %s(n: int) public {\n  data = Note | sort .k\n  presence = { v: %s }\n  cursors: { x: float }\n}\n", name, f.x),
		open: append(follow(name+".presence", "[1]"), follow(name+".cursors", "[1]")...), act: []play.Step{{Do: play.Publish, Who: 0, Name: name + ".cursors", Args: both("[1]"), Event: "update", Entry: `{"x":1}`}}})
}

func roomAction(b *builder) {
	name := b.name("room")
	f := b.way(inBody, "")
	of, x := b.result(f)
	b.took("action of a room")
	b.add(chunk{what: "room", text: fmt.Sprintf("room %s(k: string) public {\n  data = Note | filter .acc == k | sort .k\n  rpc act() -> %s {\n  %s%s  return %s\n  }\n}\n", name, of, head, &f.pre, x),
		open: follow(name+".data", `["a0"]`), act: calls(name + ".act")})
}

func signalArgument(b *builder) {
	name, s := b.name("rpc"), b.name("sig")
	f := b.way(inBody, "")
	b.took("signal")
	b.add(chunk{what: "signal", text: fmt.Sprintf("signal %s(v: %s)\nrpc %s(k: string) guard signedIn {\n%s%s  signal %s(%s) to ctx.user.id\n}\n", s, typeOf[f.k], name, head, &f.pre, s, f.x), act: calls(name)})
}

func signalReceiver(b *builder) {
	name, s := b.name("rpc"), b.name("sig")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("receiver of a signal")
	b.add(chunk{what: "signal", text: fmt.Sprintf("signal %s(v: int)\nrpc %s(k: string) public {\n%s%s  signal %s(1) to id(if %s then %q else %q)\n}\n", s, name, head, &f.pre, s, f.x, play.Ann, play.Bob), act: calls(name)})
}

func externArgument(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(str)
	b.took("argument of an outside function")
	if b.chance(50) {
		b.declare("extern fn tell(text: string) from \"" + outsidePackage + "\" retryable")
		b.add(chunk{what: "extern fn", text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s  tell(%s)\n}\n", name, head, &f.pre, f.x), act: calls(name)})
		return
	}
	b.declare("extern fn echo(text: string) -> string from \"" + outsidePackage + "\" retryable")
	b.add(chunk{what: "extern fn", text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s  return echo(%s)\n}\n", name, head, &f.pre, f.x), act: calls(name)})
}
