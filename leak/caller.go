package leak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/livec-lang/livec/leak/play"
)

// identity is an expression that depends on the caller. Its value contains the caller's name, or is an address.
type identity struct {
	what string
	x    string
	in   string // "": allowed anywhere; "body": not over rows
}

var identities = []identity{
	{what: "ctx.user", x: `(ctx.user?.name ?? "-")`},
	{what: "ctx.ip", x: "ctx.ip"},
	{what: "session()", x: `(session()?.name ?? "-")`, in: "body"},
	{what: "cookie", x: `(cookie("pref") ?? "-")`, in: "body"},
	{what: "header", x: `(header("x-tag") ?? "-")`, in: "body"},
	{what: "query", x: `(query("q") ?? "-")`, in: "body"},
	{what: "bearer", x: `(bearer() ?? "-")`, in: "body"},
	{what: "verifyJwt", x: `subject(verifyJwt(bearer(), "` + play.JWTKey + `"))`, in: "body"},
}

const subject = "fn subject(claims: json) -> string = (claims as { sub: string }).sub\n"

// callers builds a program whose streams read the caller.
type callers struct {
	*builder
	guards []string // of the stream that is being built
}

// who is an expression that reads the caller, directly or through functions and guards.
func (c *callers) who(rows bool) string {
	id := pick(c.builder, identities...)
	for rows && id.in == "body" && c.chance(70) {
		id = pick(c.builder, identities...)
	}
	c.took(id.what)
	if strings.HasPrefix(id.x, "subject") {
		c.declare(strings.TrimSuffix(subject, "\n"))
	}
	x := id.x
	for range c.r.IntN(3) {
		switch c.r.IntN(5) {
		case 0:
			name := c.name("fn")
			fmt.Fprintf(&c.fns, "fn %s() -> string = %s\n", name, x)
			c.took("fn")
			x = name + "()"
		case 1:
			name := c.name("fn")
			fmt.Fprintf(&c.fns, "fn %s(n: int) -> string {\n  if n > 0 { return %s(n - 1) }\n  return %s\n}\n", name, name, x)
			c.took("fn that recurs")
			x = name + "(2)"
		case 2:
			name := c.name("guard")
			fmt.Fprintf(&c.fns, "guard %s -> { v%s: string } { return { v%s: %s } }\n", name, name, name, x)
			c.took("guard")
			c.guards = append(c.guards, name)
			x = "ctx.v" + name
		case 3:
			name := c.name("fn")
			fmt.Fprintf(&c.fns, "fn %s(x: string) -> string = \"<{x}>\"\n", name)
			c.took("fn of it")
			x = name + "(" + x + ")"
		}
		if strings.Contains(x, "ctx.v") { // a function cannot read ctx.v, which a guard adds
			break
		}
	}
	return x
}

// access is the access clause of the stream that is being built.
func (c *callers) access() string {
	if len(c.guards) == 0 {
		return "public"
	}
	return "guard " + strings.Join(c.guards, ", ")
}

const ownTable = `table Own { k: string key, owner: string, text: string, n: int = 0 }
rpc fill(k: string, owner: string, text: string) public { insert Own { k, owner, text } }
rpc touch(n: int) public { update Own where .n < n { n: n } }
`

// asked are the steps in which each caller reads a stream.
func asked(name, args string) []play.Step {
	one := func(do play.Verb) play.Step { return play.Step{Do: do, Who: play.Each, Name: name, Args: both(args)} }
	return []play.Step{one(play.Get), one(play.Subscribe), one(play.Get), one(play.Events)}
}

// RandomCaller makes the program of a seed for TestCallers.
func RandomCaller(seed, index uint64) *Program {
	r := rand.New(rand.NewPCG(seed, index)) //nolint:gosec // a program can be made again from its seed
	b := &builder{r: r, p: &Program{Name: fmt.Sprintf("w%d", index), Seed: [2]uint64{seed, index}}, types: map[string]bool{}}
	c := &callers{builder: b}
	make := pick(
		b, derivedCaller, derivedCaller, derivedCaller, derivedRows, liveCaller, liveCaller, liveShown, publishedCaller, publishedCaller,
		roomCaller, presenceCaller, policyCaller, policyCaller, policyPublished, gateCaller, accessCaller,
	)
	b.p.presence = make(c)
	b.p.Leak = b.path
	b.p.policy = slices.Contains(b.path, "read if")
	return b.p
}

// done completes the program: its text, and its steps. There are rows of all callers, each caller reads, rows change, each caller reads
// again.
func (c *callers) done(table, text, name, args string, more ...play.Step) {
	c.p.chunks = []chunk{{text: table + c.fns.String() + text}}
	var steps []play.Step
	write := func(rpc, args string) {
		steps = append(steps, play.Step{Do: play.Call, Who: play.Writer, Name: rpc, Args: both(args)})
	}
	n := 0
	for i, who := range []string{"ann", "bob", "nobody"} {
		for _, owner := range []string{who, who + "Cookie", who + "Header", who + "Query", who + "Token", "<" + who + ">", fmt.Sprintf(
			"198.51.100.%d", i+1,
		)} {
			write("fill", fmt.Sprintf(`["k%02d",%q,%q]`, n, owner, play.Private+who))
			n++
		}
	}
	ask := asked(name, args)
	steps = append(steps, ask...)
	write("touch", "[1]")
	for i, who := range []string{"ann", "bob", "nobody"} { // a policy may hide their rows from the writer
		write("fill", fmt.Sprintf(`["l%d",%q,%q]`, i, who, play.Private+who))
	}
	steps = append(steps, more...)
	write("touch", "[2]")
	steps = append(steps, ask[0], play.Step{Do: play.Advance, Who: play.Writer}, ask[1], ask[0])
	for i := range steps {
		if steps[i].Name != "" {
			steps[i].Name = c.p.Name + "/" + steps[i].Name
		}
	}
	c.p.script = steps
}

func derivedCaller(c *callers) bool {
	x := c.who(false)
	c.took("derived stream")
	body := pick(
		c.builder, "  return { v: $ }\n", "  let v = $\n  return { v }\n",
		"  if contains($, \"ann\") { return { v: \"ann!\" } }\n  return { v: \"-\" }\n",
		"  return { v: (match slice($, 0, 3) { \"ann\" => \"ann!\"  _ => \"-\" }) }\n",
		"  let n = Own | count()\n  return { v: \"{n}\", w: $ }\n", "  for e in [$] { return { v: e } }\n  return { v: \"-\" }\n",
	)
	of := "{ v: string }"
	if strings.Contains(body, "w: ") {
		of = "{ v: string, w: string }"
	}
	clause := pick(c.builder, "", " on Own", " debounce 100ms")
	c.done(ownTable, fmt.Sprintf("stream s -> %s %s%s {\n%s}\n", of, c.access(), clause, strings.ReplaceAll(body, "$", x)), "s", "[]")
	return false
}

func derivedRows(c *callers) bool {
	x := c.who(false)
	c.took("derived stream of rows")
	body := pick(
		c.builder, "  let me = $\n  return Own | filter .owner == me | sort .k\n",
		"  let me = $\n  return (Own | sort .k) as o | filter o.owner == me\n",
	)
	c.done(ownTable, fmt.Sprintf("stream s(p: int) %s {\n%s}\n", c.access(), strings.ReplaceAll(body, "$", x)), "s", "[1]")
	return false
}

func liveCaller(c *callers) bool {
	x := c.who(true)
	c.took("live stream")
	end := pick(c.builder, "", " | limit 2", " | map { .k, .n }", " | page 2")
	c.done(ownTable, fmt.Sprintf(
		"stream s(p: int) %s = Own | filter .owner == %s && .n < 100 + p | sort .k%s\n", c.access(), x, end,
	), "s", "[1]")
	return false
}

func liveShown(c *callers) bool {
	x := c.who(true)
	c.took("live stream that shows")
	c.done(ownTable, fmt.Sprintf("stream s %s = Own | sort .k | limit 3 | map { .k, .n, v: %s }\n", c.access(), x), "s", "[]")
	return false
}

func publishedCaller(c *callers) bool {
	x := c.who(false)
	c.took("published stream")
	rule := pick(c.builder, "set", "set replay 10")
	body := pick(c.builder, "  return { v: $ }\n", "  let me = $\n  return { v: (Own | filter .owner == me | first())?.text ?? \"-\" }\n")
	text := fmt.Sprintf(
		"stream s -> { v: string } %s merge %s {\n%s}\nrpc tell() %s {\n  let v = %s\n  publish s set { v }\n}\n", c.access(), rule,
		strings.ReplaceAll(body, "$", x), c.access(), x,
	)
	c.done(ownTable, text, "s", "[]", play.Step{Do: play.Call, Who: play.Each, Name: "tell", Args: both("[]")})
	return false
}

func roomCaller(c *callers) bool {
	x := c.who(true)
	c.took("data of a room")
	c.done(ownTable, fmt.Sprintf(
		"room r(p: int) %s {\n  data = Own | filter .owner == %s && .n < 100 + p | sort .k\n}\n", c.access(), x,
	), "r.data", "[1]")
	return false
}

func presenceCaller(c *callers) bool {
	x := c.who(false)
	c.took("presence")
	c.done(ownTable, fmt.Sprintf(
		"room r(p: int) %s {\n  data = Own | sort .k | limit 1\n  presence = { v: %s }\n}\n", c.access(), x,
	), "r.presence", "[1]")
	return true
}

func policyTable(c *callers, x string) string {
	return strings.Replace(ownTable, "n: int = 0 }", "n: int = 0\n  read if "+x+"\n}", 1)
}

// policy is a condition over a row and the caller.
func (c *callers) policy() string {
	x := pick(c.builder, "ctx.user != null && .owner == ctx.user.name", ".owner == (ctx.user?.name ?? \"-\")", ".owner == ctx.ip")
	if c.chance(30) {
		name := c.name("fn")
		fmt.Fprintf(&c.fns, "fn %s() -> string = (ctx.user?.name ?? \"-\")\n", name)
		x = ".owner == " + name + "()"
	}
	c.took("read if")
	return x
}

func policyCaller(c *callers) bool {
	x := c.policy()
	body := pick(
		c.builder, "stream s(p: int) public = Own | sort .k\n", "stream s(p: int) public = Own | count()\n",
		"stream s(p: int) public { return { n: (Own | count()), rows: (Own | sort .k) } }\n",
		"stream s(p: int) public = Own | group .text { .text, n: count() } | sort .text\n",
		"fn mine() -> int = Own | count()\nstream s(p: int) public { return { n: mine() } }\n",
		"stream s(p: int) -> [Own] public merge crud key k { return Own | sort .k }\n",
	)
	c.took("stream over it")
	c.done(policyTable(c, x), body, "s", "[1]")
	return false
}

// policyPublished publishes a row that its policy shows to one caller only.
func policyPublished(c *callers) bool {
	c.took("read if")
	c.took("publish of a row")
	data := pick(c.builder, "row", "{ ...row }", "Own { k: row.k, owner: row.owner, text: row.text, n: row.n }")
	c.done(policyTable(c, "ctx.user != null && .owner == ctx.user.name"), fmt.Sprintf(
		"stream s -> [Own] public merge crud key k { return [] }\nrpc tell() public {\n  let row = Own | sort .k | first()\n"+
			"  if row != null { publish s created %s }\n}\n",
		data,
	),
		"s", "[]", play.Step{Do: play.Call, Who: 0, Name: "tell", Args: both("[]")})
	return false
}

func gateCaller(c *callers) bool {
	x := c.who(true)
	c.took("gate")
	c.done(ownTable, fmt.Sprintf("stream s %s gate contains(%s, \"ann\") = Own | sort .k | limit 3\n", c.access(), x), "s", "[]")
	return false
}

func accessCaller(c *callers) bool {
	x := c.who(false)
	c.took("access")
	guards := ""
	if len(c.guards) > 0 {
		guards = " " + c.access()
	}
	head, body := "s", pick(c.builder, "= Own | sort .k | limit 3\n", "{ return { n: (Own | count()) } }\n", "merge set { return { v: 1 } }\n")
	if strings.HasPrefix(body, "merge") {
		head = "s -> { v: int }"
	}
	c.done(ownTable, fmt.Sprintf("stream %s%s access contains(%s, \"ann\") %s", head, guards, x, body), "s", "[]")
	return false
}
