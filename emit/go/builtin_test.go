package emitgo_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/relation/function"
)

// calls has, for each built-in function, a function that calls it: parameters, result and body.
var calls = map[string]string{
	"now": "() -> time = now()", "newId": "() -> id = newId()",
	"string": "(x: float) -> string = string(x)",
	"int":    "(x: float) -> int = int(x)",
	"float":  "(x: int) -> float = float(x)",
	"id":     "(x: string) -> id = id(x)",
	"json":   "(x: string) -> json = json(x)", "toJson": "(x: [int]) -> json = x",
	"newSecret":  "() -> string = newSecret()",
	"length":     "(x: string) -> int = length(x)",
	"lower":      "(x: string) -> string = lower(x)",
	"upper":      "(x: string) -> string = upper(x)",
	"trim":       "(x: string) -> string = trim(x)",
	"startsWith": "(x: string) -> bool = startsWith(x, x)",
	"endsWith":   "(x: string) -> bool = endsWith(x, x)",
	"replace":    "(x: string) -> string = replace(x, x, x)",
	"split":      "(x: string) -> [string] = split(x, x)",
	"join":       "(x: [string]) -> string = join(x, \"\")",
	"repeat":     "(x: string) -> string = repeat(x, 2)",
	"padStart":   "(x: string) -> string = padStart(x, 2, x)",
	"contains":   "(x: [float]) -> bool = contains(x, 1)",
	"slice":      "(x: string) -> string = slice(x, 1)",
	"reverse":    "(x: [int]) -> [int] = reverse(x)",
	"unique":     "(x: [int]) -> [int] = unique(x)",
	"concat":     "(x: [int]) -> [int] = x + x",
	"last":       "(x: [int]) -> int? = last(x)",
	"range":      "(x: int) -> [int] = range(0, x)",
	"keys":       "(x: [string: int]) -> [string] = keys(x)",
	"values":     "(x: [string: int]) -> [int] = values(x)",
	"abs":        "(x: int) -> int = abs(x)",
	"min":        "(x: int) -> int = min(x, 1)",
	"max":        "(x: time) -> time = max(x, x)",
	"round":      "(x: float) -> int = round(x)",
	"floor":      "(x: float) -> int = floor(x)",
	"ceil":       "(x: float) -> int = ceil(x)",
	"sqrt":       "(x: float) -> float = sqrt(x)",
	"div":        "(x: int) -> int = div(x, 2)",
	"year":       "(x: time) -> int = year(x)",
	"month":      "(x: time) -> int = month(x)",
	"day":        "(x: time) -> int = day(x)",
	"hour":       "(x: time) -> int = hour(x)",
	"minute":     "(x: time) -> int = minute(x)", "second": "(x: time) -> int = second(x)", "weekday": "(x: time) -> int = weekday(x)",
	"millis": "(x: duration) -> int = millis(x)", "duration": "(x: int) -> duration = duration(x)",
	"cookie":        "() -> string? = cookie(\"a\")",
	"header":        "() -> string? = header(\"a\")",
	"query":         "() -> string? = query(\"a\")",
	"bearer":        "() -> string? = bearer()",
	"verifyJwt":     "(x: string) -> json = verifyJwt(x, x)",
	"hashPassword":  "(x: string) -> string = hashPassword(x)",
	"checkPassword": "(x: string) -> bool = checkPassword(x, x)",
	"hmac":          "(x: string) -> string = hmac(x, x)", "sameText": "(x: string) -> bool = sameText(x, x)",
	"reveal": "(x: [Account]) -> [string] = x | map reveal(.token)",
}

// elsewhere are the built-in functions that functions must not call, which the app below calls, and those that have no Go form yet.
var elsewhere = map[string]bool{
	"session":          true,
	"startSession":     true,
	"endSession":       true,
	"endSessions":      true,
	"endOtherSessions": true,
	"putFile":          true,
	"next":             true,
}

// TestBuiltinsFailAsTheTableSays emits a call of each built-in function. Go's type checker then reports whether the
// called code returns an error exactly if the table says that it may fail, since the emitter relies on the table.
func TestBuiltinsFailAsTheTableSays(t *testing.T) {
	text := strings.Builder{}
	text.WriteString(`table Account { id: id, token: string secret }
upgrade -> Account? = session()
rpc enter() -> Account public { return startSession(insert Account { token: "" }) }
rpc leave() public { endSession() }
rpc out(id: Account.id) -> int public { return endSessions((Account | find(id)) ?? insert Account { token: "" }) }
rpc others(id: Account.id) -> int public { return endOtherSessions((Account | find(id)) ?? insert Account { token: "" }) }
`)
	names := function.Names()
	for _, name := range names {
		call := calls[name]
		if (call == "") != elsewhere[name] {
			t.Fatalf("nothing calls %s", name)
		}
		if head, x, ok := strings.Cut(call, " = "); ok {
			fmt.Fprintf(&text, "fn use%s%s { return %s }\n", name, head, x)
		}
	}
	files := compile(t, "app", map[string]string{"app": text.String()})
	typeCheck(t, map[string][]emit.File{"builtins": files})
	var all strings.Builder
	for _, f := range files {
		all.Write(f.Data)
	}
	for name := range calls {
		sig := regexp.MustCompile(`(?i)\nfunc use` + name + `\(.*\{\n`).FindString(all.String())
		if sig == "" {
			t.Errorf("no Go of %s", name)
		} else if fails := strings.HasSuffix(sig, ", error) {\n"); fails != function.Of(name).MayFail {
			t.Errorf("%s may fail: %t, and its Go is %s", name, function.Of(name).MayFail, sig)
		}
	}
}
