package leak

import (
	"fmt"

	"github.com/livec-lang/livec/leak/play"
)

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
	b.add(chunk{
		what: "derived stream",
		text: fmt.Sprintf("stream %s(k: string) -> %s public {\n%s%s  return %s\n}\n", name, of, head, &f.pre, x),
		open: follow(name, `["a0"]`),
	})
}

func publishedStream(b *builder) {
	b.reads = true
	defer func() { b.reads = false }()
	name := b.name("told")
	f := b.way(inBody, "")
	b.took("first value of a published stream")
	b.add(chunk{
		what: "published stream",
		text: fmt.Sprintf(
			"stream %s(k: string) -> { v: %s } public merge set {\n%s%s  return { v: %s }\n}\n", name, typeOf[f.k], head, &f.pre, f.x,
		),
		open: follow(name, `["a0"]`),
	})
}

func publishData(b *builder) {
	name, to := b.name("rpc"), b.name("told")
	f := b.way(inBody, "")
	b.took("published event")
	b.add(chunk{
		what: "publish",
		text: fmt.Sprintf(
			"stream %s -> [{ id: string, v: %s }] public merge latest 9 replay 20 { return [] }\nrpc %s(k: string) public {\n"+
				"%s%s  publish %s created { id: k, v: %s }\n}\n",
			to, typeOf[f.k], name, head, &f.pre, to, f.x,
		),
		open: follow(to, "[]"),
		act:  calls(name),
	})
}

func channelData(b *builder) {
	name, to := b.name("rpc"), b.name("wire")
	f := b.way(inBody, "")
	b.took("event of a channel")
	b.add(chunk{
		what: "channel",
		text: fmt.Sprintf(
			"channel %s -> { v: %s } public merge latest 9\nrpc %s(k: string) public {\n%s%s  publish %s sent { v: %s }\n}\n", to, typeOf[f.k],
			name, head, &f.pre, to, f.x,
		),
		open: follow(to, "[]"),
		act:  calls(name),
	})
}

func publishArgument(b *builder) {
	name, to := b.name("rpc"), b.name("wire")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("argument of publish")
	b.add(chunk{
		what: "channel",
		text: fmt.Sprintf(
			"channel %s(to: string) -> { n: int } public merge latest 9\nrpc %s(k: string) public {\n"+
				"%s%s  publish %s(if %s then \"p\" else \"q\") sent { n: 1 }\n}\n",
			to, name, head, &f.pre, to, f.x,
		),
		open: append(follow(to, `["p"]`), follow(to, `["q"]`)...),
		act:  calls(name),
	})
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
	b.add(chunk{
		what: "room",
		text: fmt.Sprintf(
			"room %s(n: int) public {\n  data = Note | sort .k\n  presence = { v: %s }\n  cursors: { x: float }\n}\n", name, f.x,
		),
		open: append(follow(name+".presence", "[1]"), follow(name+".cursors", "[1]")...),
		act:  []play.Step{{Do: play.Publish, Who: 0, Name: name + ".cursors", Args: both("[1]"), Event: "update", Entry: `{"x":1}`}},
	})
}

func roomAction(b *builder) {
	name := b.name("room")
	f := b.way(inBody, "")
	of, x := b.result(f)
	b.took("action of a room")
	b.add(chunk{
		what: "room",
		text: fmt.Sprintf(
			"room %s(k: string) public {\n  data = Note | filter .acc == k | sort .k\n  rpc act() -> %s {\n  %s%s  return %s\n  }\n}\n", name,
			of, head, &f.pre, x,
		),
		open: follow(name+".data", `["a0"]`),
		act:  calls(name + ".act"),
	})
}

func signalArgument(b *builder) {
	name, s := b.name("rpc"), b.name("sig")
	f := b.way(inBody, "")
	b.took("signal")
	b.add(chunk{
		what: "signal",
		text: fmt.Sprintf(
			"signal %s(v: %s)\nrpc %s(k: string) guard signedIn {\n%s%s  signal %s(%s) to ctx.user.id\n}\n", s, typeOf[f.k], name, head, &f.pre,
			s, f.x,
		),
		act: calls(name),
	})
}

func signalReceiver(b *builder) {
	name, s := b.name("rpc"), b.name("sig")
	f := b.way(inBody, "")
	f.to(yes)
	b.took("receiver of a signal")
	b.add(chunk{
		what: "signal",
		text: fmt.Sprintf(
			"signal %s(v: int)\nrpc %s(k: string) public {\n%s%s  signal %s(1) to id(if %s then %q else %q)\n}\n", s, name, head, &f.pre, s,
			f.x, play.Ann, play.Bob,
		),
		act: calls(name),
	})
}

func externArgument(b *builder) {
	name := b.name("rpc")
	f := b.way(inBody, "")
	f.to(str)
	b.took("argument of an extern function")
	if b.chance(50) {
		b.declare("extern fn tell(text: string) from \"" + outsidePackage + "\" retryable")
		b.add(chunk{
			what: "extern fn",
			text: fmt.Sprintf("rpc %s(k: string) public {\n%s%s  tell(%s)\n}\n", name, head, &f.pre, f.x),
			act:  calls(name),
		})
		return
	}
	b.declare("extern fn echo(text: string) -> string from \"" + outsidePackage + "\" retryable")
	b.add(chunk{
		what: "extern fn",
		text: fmt.Sprintf("rpc %s(k: string) -> string public {\n%s%s  return echo(%s)\n}\n", name, head, &f.pre, f.x),
		act:  calls(name),
	})
}
