package leak

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/leak/play"
)

// both passes the same arguments to both databases.
func both(args string) [databases]string { return [databases]string{args, args} }

func call(who int, name, args string) play.Step {
	return play.Step{Do: play.Call, Who: who, Name: name, Args: both(args)}
}

// follow subscribes all callers to a stream over a socket, and one of them by server-sent events too.
func follow(name, args string) []play.Step {
	var out []play.Step
	for who := range 3 {
		out = append(out, play.Step{Do: play.Subscribe, Who: who, Name: name, Args: both(args)})
	}
	return append(out, play.Step{Do: play.Events, Who: 2, Name: name, Args: both(args)})
}

// head finds the row that bodies use.
const head = "  let u = Acc | find(k)\n  require u != null else NOT_FOUND\n"

// way is a flow of some random steps.
func (b *builder) way(p place, row string) *flow { return b.start(p, row).on(b.r.IntN(4)) }

// result gives the type of a value and the value, some of the time wrapped in a record or a collection.
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

// doors are the ways out of an app. If the builder's flows start at secrets, each makes one leak, otherwise none.
var doors = []func(b *builder){
	rpcResult, rpcResult, rpcResult, rpcBranch, rpcLoop, rpcFailure, rpcOperation, rpcMessage, rpcLog,
	pipelineResult, pipelineResult, pipelineResult, liveStream, liveStream, derivedStream, publishedStream,
	publishData, channelData, publishArgument, roomData, roomPresence, roomAction,
	signalArgument, signalReceiver, externArgument, insertColumn, insertColumn, updateColumn, upsertColumn, updateWhere, keyOfRow,
	branchWrites, branchLeaves, guardDecides, guardAdds,
	accessDecides, gateDecides, rateCounts, lifecycle, policyDecides, setByClient, publishRow,
}

func rpcResult(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	of, x := b.result(f)
	b.took("rpc result")
	b.add(chunk{
		what: "rpc",
		text: fmt.Sprintf("rpc %s(k: string) -> %s public {\n%s%s  return %s\n}\n", name, of, head, &f.pre, x),
		act:  calls(name),
	})
}

func rpcBranch(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("rpc branch")
	body := pick(b,
		"  if $ { return \"y\" }\n  return \"n\"\n",
		"  if $ { return \"y\" } else { return \"n\" }\n",
		"  match $ {\n    true => { return \"y\" }\n    _ => { return \"n\" }\n  }\n",
		"  if u.size > 0 {\n    if $ { return \"y\" }\n  }\n  return \"n\"\n")
	if strings.Contains(body, "match") {
		body = "  match string($) {\n    \"true\" => { return \"y\" }\n    _ => { return \"n\" }\n  }\n"
	}
	b.add(chunk{
		what: "rpc",
		text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s%s}\n", name, head, &f.pre, strings.ReplaceAll(body, "$", f.x)),
		act:  calls(name),
	})
}

func rpcLoop(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	if f.k != lstr {
		f.to(str)
		f.x, f.k = `split(`+f.x+`, "5")`, lstr
	}
	b.took("loop")
	body := pick(
		b, "  for e in $ {\n    if length(e) > 0 { return e }\n  }\n", "  for e in $ { insert Copy { text: \"t\" } }\n",
		"  for e in $ { log info \"one\" {} }\n", "  for e in $ { insert Copy { text: e } }\n",
	)
	b.add(copies(b, chunk{
		what: "rpc",
		text: fmt.Sprintf(
			"rpc %s(k: string) -> string public {\n%s%s%s  return \"-\"\n}\n", name, head, &f.pre, strings.ReplaceAll(body, "$", f.x),
		),
		act: calls(name),
	}))
}

// rpcFailure makes a value decide whether a call fails.
func rpcFailure(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("failure")
	body := pick(b, "  require $ else WRONG\n", "  if $ { fail WRONG \"no\" }\n", "  if !$ { fail WRONG }\n")
	b.add(chunk{
		what: "rpc",
		text: fmt.Sprintf(
			"rpc %s(k: string) -> string public {\n%s%s%s  return \"y\"\n}\n", name, head, &f.pre, strings.ReplaceAll(body, "$", f.x),
		),
		act: calls(name),
	})
}

// rpcOperation makes a value decide whether an operation fails, whatever its result.
func rpcOperation(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("operation that may fail")
	x := pick(
		b, "div(10, (if $ then 1 else 0))", "[1][(if $ then 0 else 1)]", "((if $ then \"red\" else \"none\") as Hue)",
		"(json((if $ then \"1\" else \"x\")) as int)", "9007199254740991 + (if $ then 1 else 0)", "7 % (if $ then 1 else 0)",
		"-9007199254740991 - (if $ then 1 else 0)", "4503599627370496 * (if $ then 1 else 2)", "sqrt((if $ then 1.0 else -1.0))",
		"repeat(\"x\", (if $ then 1 else -1))", "(json((if $ then \"1\" else \"true\")) as int)",
	)
	body := "  let done = " + strings.ReplaceAll(x, "$", f.x) + "\n  insert Copy { zqkeep: \"{done}\" }\n  return \"y\"\n"
	if b.chance(25) {
		body = "  let done: string(1..2) = if " + f.x + " then \"a\" else u.pub\n  insert Copy { zqkeep: done }\n  return \"y\"\n"
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
	b.add(chunk{
		what: "rpc",
		text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s"+body+"  return \"y\"\n}\n", name, head, &f.pre, v),
		act:  calls(name),
	})
}

func rpcLog(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	if b.chance(50) {
		f.to(str)
		v := f.let("", f.x)
		b.took("log message")
		b.add(chunk{
			what: "rpc",
			text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s  log info \"it is {%s}\" {}\n}\n", name, head, &f.pre, v),
			act:  calls(name),
		})
		return
	}
	b.took("log field")
	b.add(chunk{
		what: "rpc",
		text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s  log warn \"it\" { v: %s }\n}\n", name, head, &f.pre, f.x),
		act:  calls(name),
	})
}
