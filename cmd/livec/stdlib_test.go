package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stdApp uses the standard library as an app does.
const stdApp = `use std/access { signedIn, owner, role, anyRole }
use std/auth { Account }
use std/list { total, average, smallest, largest, without, both, with }
use std/text { isBlank, capitalize, truncate, alike, before, after, words, plural, slug }
use std/time { isPast, isFuture, until, since, dateOf, clockOf, sameDay, isWeekend, seconds, minutes, hours, days }

upgrade -> Account? = session()

rpc texts() -> [string] public {
  return [
    capitalize("ärger"), capitalize(""),
    truncate("abcd", 4), truncate("abcde", 4), truncate("ab", 0),
    before("a=b=c", "="), before("abc", "="), after("a=b=c", "="), after("abc", "="),
    join(words("  one  two "), ","), slug(" Hello  World "),
    plural(1, "message", "messages"), plural(2, "message", "messages"),
    string(isBlank(" \n")), string(isBlank("a")), string(alike(" A", "a ")), string(alike("a", "b")),
  ]
}

rpc numbers() -> [float] public {
  return [total([1.5, 2.5]), total([]), average([1.0, 2.0]) ?? 0.0, smallest([2.0, 1.0]) ?? 0.0, largest([2.0, 1.0]) ?? 0.0,
    average([]) ?? 9.0]
}

rpc lists() -> [[string]] public {
  return [without(["a", "b", "a"], "a"), both(["a", "b", "c"], ["c", "a"]), with(["a"], "b"), with(["a"], "a")]
}

rpc times() -> [string] public {
  let later = now() + 90s
  return [
    string(isPast(later)), string(isFuture(later)), string(isPast(now() - 1s)),
    string(seconds(until(later))), string(minutes(until(later))), string(seconds(since(later))),
    string(hours(since(now() - 3h))), string(days(since(now() - 50h))),
    string(sameDay(now(), now())), string(sameDay(now(), now() + 48h)),
    string(length(dateOf(now()))), string(length(clockOf(now()))),
    string(isWeekend(now()) == isWeekend(now() + 7d)),
  ]
}

rpc me() -> string guard signedIn { return ctx.user.email }
rpc mine(id: id) -> string access owner(id) { return "mine" }
rpc admins() -> string access role("admin") { return "admin" }
rpc members() -> string access anyRole(["admin", "member"]) { return "member" }
`

// TestStandardLibrary runs an app that uses the standard library, and calls it as clients do.
func TestStandardLibrary(t *testing.T) {
	address := serve(t, "std.live", stdApp).address
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	call := func(name string, args ...any) any {
		t.Helper()
		body, err := json.Marshal(append([]any{}, args...))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Post(address+"/_live/rpc/"+name, "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }() // only read
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Value any `json:"value"`
			Error struct{ Code string }
		}
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s: %v: %s", name, err, text)
		}
		if answer.Error.Code != "" {
			return answer.Error.Code
		}
		return answer.Value
	}
	want := func(want any, name string, args ...any) {
		t.Helper()
		if d := cmp.Diff(want, call(name, args...)); d != "" {
			t.Errorf("%s%v (-want +got):\n%s", name, args, d)
		}
	}
	list := func(all ...any) any { return all }

	want(list("Ärger", "", "abcd", "abc…", "…", "a", "abc", "b=c", "", "one,two", "hello-world", "1 message", "2 messages", "true", "false",
		"true", "false"), "std/texts")
	want(list(4.0, 0.0, 1.5, 1.0, 2.0, 9.0), "std/numbers")
	want(list(list("b"), list("a", "c"), list("a", "b"), list("a")), "std/lists")
	want(list("false", "true", "true", "90", "1", "0", "3", "2", "true", "false", "10", "5", "true"), "std/times")

	want("UNAUTHORIZED", "std/me")
	want("FORBIDDEN", "std/members")
	want("VALIDATION", "std/auth/signUp", "ann@example.com", "short", "Ann")
	account, _ := call("std/auth/signUp", "Ann@Example.com", "a long password", "Ann").(map[string]any)
	if account["email"] != "ann@example.com" || account["role"] != "member" || account["password"] != nil {
		t.Errorf("the account is %v", account)
	}
	want("ann@example.com", "std/me")
	want("mine", "std/mine", account["id"])
	want("FORBIDDEN", "std/mine", "somebody else's")
	want("FORBIDDEN", "std/admins")
	want("member", "std/members")
	want("EMAIL_TAKEN", "std/auth/signUp", "ann@example.com", "another password", "Ann")
	want("WRONG_CREDENTIALS", "std/auth/changePassword", "wrong", "a new password")
	want(nil, "std/auth/changePassword", "a long password", "a new password")
	want(nil, "std/auth/signOut")
	want("UNAUTHORIZED", "std/me")
	want("WRONG_CREDENTIALS", "std/auth/signIn", "ann@example.com", "a long password")
	want("WRONG_CREDENTIALS", "std/auth/signIn", "bob@example.com", "a long password")
	if back, _ := call("std/auth/signIn", "ANN@example.com", "a new password").(map[string]any); back["id"] != account["id"] {
		t.Errorf("signed in as %v", back)
	}
	want("ann@example.com", "std/me")
}
