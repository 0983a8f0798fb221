package stdlib_test

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// TestUserTypes uses std/access with users of several types: an app needs the fields of the conditions that it uses, and of those only.
func TestUserTypes(t *testing.T) {
	app := func(fields, use, access string) string {
		return "use std/access { " + use + " }\ntable User {\n  id: id\n  " + fields +
			"\n}\nupgrade -> User? = session()\nstream users " + access + " = User | limit 10\n"
	}
	for name, c := range map[string]struct {
		text string
		want diag.Code // none where it is empty
	}{
		"a guard":        {app("", "signedIn", "guard signedIn"), ""},
		"a text as role": {app("role: string", "role, anyRole", "access role(\"admin\") || anyRole([\"a\", \"b\"])"), ""},
		"literals as role": {app("role: \"admin\" | \"member\" = \"member\"", "role, anyRole",
			"access role(\"admin\") || anyRole([\"a\", \"b\"])"), ""},
		"a role that is none":  {app("name: string", "role", "access role(\"admin\")"), diag.CodeUnknownField},
		"a team":               {app("team: id", "team", "access team(\"7\")"), ""},
		"perhaps a team":       {app("team: id?", "team", "access team(\"7\")"), ""},
		"an owner and a role":  {app("role: string", "owner, role", "access owner(\"7\") || role(\"admin\")"), ""},
		"nobody of that name":  {app("", "signdIn", "guard signdIn"), diag.CodeNotDeclared},
		"a module that is not": {strings.Replace(app("", "signedIn", "guard signedIn"), "std/access", "std/acces", 1), diag.CodeUnknownModule},
	} {
		_, list := compiler.Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: c.text}})
		var got diag.Code
		if len(list) > 0 {
			got = list[0].Code
		}
		if got != c.want {
			var b strings.Builder
			_ = diag.Text(&b, list, diag.RenderOptions{}) // to memory
			t.Errorf("%s: got %q, want %q\n%s", name, got, c.want, b.String())
		}
	}
}
