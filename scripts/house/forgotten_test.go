package house

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation/function"
	"github.com/livec-lang/livec/runtime/contract"
)

// duty is a place in which each of some names must appear. Nothing else would notice that one is missing there.
type duty struct {
	files  string // a pattern as of path.Match
	form   string // a regular expression, in which NAME is the name
	unless string // a regular expression of files that do not count
	todo   string
	exempt map[string]string // why it does not hold for a name
}

// duties are those of a part of the language.
type duties struct {
	names  func(t *testing.T) []string
	places []duty
}

// tablesAlone are the stages that cannot follow a list, with the reason why they have no place among those that can.
var tablesAlone = map[string]string{
	"page":  "it works on tables alone",
	"join":  "it works on tables alone",
	"group": "it works on tables alone",
	"find":  "it works on tables alone",
}

var parts = map[string]duties{
	"declaration": {declarations, []duty{
		{files: "docs/language.md", form: "(?m)^## NAME$", todo: "give it a section"},
		{files: "testdata/syntax/*.txtar", form: `(?m)^NAME\b`, todo: "add a case of its syntax and its layout"},
	}},
	"clause": {clauses, []duty{
		{files: "docs/language.md", form: "(?m)^\\|.*`NAME[ `]", todo: "give it a line in the table of clauses"},
		{files: "lang/diag/explain/LIVE0305.md", form: "(?m)^- .*`NAME[ `]", todo: "list it with the declarations that can have it"},
		{files: "testdata/syntax/*.txtar", form: `\bNAME\b`, todo: "add a case of its syntax and its layout"},
		{files: "testdata/check/*/*.txtar", form: `\bNAME\b`, todo: "add a case where it holds, and one where it does not"},
	}},
	"stage": {stages, []duty{
		{files: "docs/language.md", form: "(?m)^\\|.*`NAME[ (]", todo: "give it a line in the table of stages"},
		{files: "testdata/check/*/*.txtar", form: `\| *NAME\b`, todo: "add a case where it holds, and one where it does not"},
		{files: "testdata/semantics/*.live", form: `\| *NAME\b`, todo: "call it over a table and over a list, and add the calls to calls.txt"},
		{files: "leak/transfer.go", form: `\| *NAME\b`, todo: "add a pipeline over a list in which a secret passes through it",
			exempt: tablesAlone},
		{files: "compiler/analyze/leak_test.go", form: `Fields\("[^"]*\bNAME\b`, todo: "add its rule for lists to those of TestEachRule",
			exempt: with(tablesAlone, map[string]string{
				"first": "it passes on its input",
				"count": "it passes on what decided which elements there are",
				"sum":   "a secret is reported where it decides whether the sum fails",
				"avg":   "a secret is reported where it decides whether the sum fails",
			})},
	}},
	"stage that gives rows": {rowStages, []duty{
		{files: "docs/live-queries.md", form: "`NAME\\b", todo: "say how it is kept live"},
		{files: "testdata/syntax/*.txtar", form: `\| *NAME\b`, todo: "add a case of its syntax and its layout"},
		{files: "testdata/check/recovery/cascade.txtar", form: `= Nope .*\| NAME\b`, todo: "add it to a pipeline over an unknown name"},
		{files: "leak/pipeline.go", form: `\| *NAME\b`, todo: "add a pipeline over a table in which a secret passes through it",
			exempt: map[string]string{"page": "it shows what limit shows"}},
		{files: "testdata/plan/*.txtar", form: `\| *NAME\b`, todo: "add a case of how it is planned and kept live"},
	}},
	"subcommand of livec": {subcommands, []duty{
		{files: "testdata/cli/*.txtar", form: `livec NAME\b`, todo: "add a script"},
		{files: "docs/cli.md", form: "(?m)^## NAME$|`livec NAME\\b", todo: "describe it"},
	}},
	"node of plans": {nodes, []duty{
		{files: "relation/chain/analysis.go", form: `case .*\*relation\.NAME\b`, todo: "say whether it is kept live in place, or why not",
			exempt: map[string]string{"Scan": "the analysis begins with it"}},
		{files: "relation/sql/select.go", form: `case .*\*relation\.NAME\b`, todo: "write its SQL", exempt: map[string]string{
			"Scan": "plans begin with it", "Reduce": "plans end with it",
		}},
		{files: "emit/go/plan.go", form: `case .*\*relation\.NAME\b`, todo: "write its literal in Go"},
		{files: "cmd/livec/internal/queryplan/expr.go", form: `case .*\*relation\.NAME\b`, todo: "write it as explain-query shows it"},
		{files: "relation/eval/plan.go", form: `case .*\*relation\.NAME\b`, todo: "compute it in Go", exempt: map[string]string{
			"Scan": "plans begin with it", "Reduce": "plans end with it",
		}},
		{files: "relation/chain/page.go", form: `case .*\*relation\.NAME\b`, todo: "say whether it has pages"},
		{files: "relation/plantest/*.go", form: `relation\.NAME\{`, todo: "have the generator of random plans make it"},
	}},
	"member of the contract": {members, []duty{
		{files: "docs/contract.md", form: "(?m)^\\| .*`NAME`", todo: "give it a line in the table of members"},
		{files: "runtime/console/page/entrypoint.js", form: `\bNAME\b`, todo: "show it in the console", exempt: map[string]string{
			"paged": "the list of a stream has a button for it",
		}},
	}},
	"built-in function": {func(*testing.T) []string { return function.Names() }, []duty{
		{files: "docs/language.md", form: "`NAME[(`]", todo: "give it a place in the list of built-in functions", exempt: map[string]string{
			"toJson": "conversions make it",
		}},
		{files: "testdata/{semantics,go/*}/*", form: `\bNAME\(`, unless: `\bfn NAME\(`,
			todo: "call it in testdata/semantics, in an app without a function of this name, and add the calls to calls.txt",
			exempt: map[string]string{
				"toJson":    "conversions make it",
				"putFile":   "nothing is emitted for it yet",
				"newSecret": "what it gives is never the same",
				"next":      "nothing is emitted for middleware yet",
			}},
	}},
	"built-in function of pipelines": {relational, []duty{
		{files: "relation/sqlite/agreement_test.go", form: `"NAME"`, todo: "add it to the generator of expressions", exempt: map[string]string{
			"sameText": "the planner makes an equality of it",
			"reveal":   "it is its argument",
			"id":       "it is its argument",
		}},
	}},
	"built-in function that takes data": {ofData, []duty{
		{files: "leak/*.go", form: `\bNAME\(`, todo: "add a way of a secret through it to leak/transfer.go", exempt: map[string]string{
			"toJson":           "conversions make it",
			"putFile":          "nothing is emitted for it yet",
			"hashPassword":     "it takes too long to run in each program",
			"endSessions":      "it takes a user and gives a number",
			"endOtherSessions": "it takes a user and gives a number",
		}},
	}},
	"built-in function that carries secrets": {carriers, []duty{
		{files: "compiler/analyze/leak_test.go", form: "Fields\\(`[^`]*\\bNAME\\b", todo: "add its rule to those of TestEachRule",
			exempt: map[string]string{
				"json":             "a secret is reported where it decides whether the text can be read",
				"month":            "its rule is that of year",
				"day":              "its rule is that of year",
				"hour":             "its rule is that of minute",
				"weekday":          "its rule is that of year",
				"cookie":           "it takes a name",
				"header":           "it takes a name",
				"query":            "it takes a name",
				"startSession":     "it takes a user",
				"endSessions":      "it takes a user",
				"endOtherSessions": "it takes a user",
				"hashPassword":     "it takes too long to run in each program",
				"putFile":          "nothing is emitted for it yet",
			}},
	}},
}

// TestForgotten looks for names of the language that are missing in a place that nothing else points to.
func TestForgotten(t *testing.T) {
	for part, d := range parts {
		names := d.names(t)
		if len(names) < 3 {
			t.Fatalf("there are %d of kind %s: %v", len(names), part, names)
		}
		for _, place := range d.places {
			texts := textsOf(t, place.files)
			for _, name := range names {
				form, unless := named(place.form, name), named(place.unless, name)
				has := slices.ContainsFunc(texts, func(text string) bool {
					return form.MatchString(text) && (place.unless == "" || !unless.MatchString(text))
				})
				switch why := place.exempt[name]; {
				case !has && why == "":
					rule{
						what: "every " + part + " appears in " + place.files,
						why:  "nothing else notices that it is missing there",
						todo: place.todo,
					}.broken(t, place.files, "has nothing of `%s`", name)
				case has && why != "":
					t.Errorf("%s has `%s` now: take it out of the exempt of scripts/house/forgotten_test.go (%s)", place.files, name, why)
				}
			}
		}
	}
}

// with is one map of reasons and another.
func with(reasons, more map[string]string) map[string]string {
	all := maps.Clone(reasons)
	maps.Copy(all, more)
	return all
}

// named is a form of a duty for one name.
func named(form, name string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(form, "NAME", regexp.QuoteMeta(name)))
}

// textsOf are the texts of all files that match a pattern. {a,b} are alternatives.
func textsOf(t *testing.T, pattern string) []string {
	t.Helper()
	patterns := []string{pattern}
	if before, rest, ok := strings.Cut(pattern, "{"); ok {
		patterns = nil
		choices, after, _ := strings.Cut(rest, "}")
		for choice := range strings.SplitSeq(choices, ",") {
			patterns = append(patterns, before+choice+after)
		}
	}
	var out []string
	for _, f := range all(t) {
		for _, p := range patterns {
			if ok, err := path.Match(p, f.path); err != nil {
				t.Fatal(err)
			} else if ok {
				out = append(out, f.text)
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("there is no file %s", pattern)
	}
	return out
}

func declarations(*testing.T) []string {
	words := map[string]string{"typedecl": "type"} // of the constructs whose keyword is no name for a file of Go
	var out []string
	for name := range constructs {
		if word := words[name]; word != "" {
			name = word
		}
		out = append(out, name)
	}
	return out
}

func clauses(t *testing.T) []string { return words(t, "lang/parser/clause.go", "clauseKinds") }

func rowStages(t *testing.T) []string { return words(t, "lang/ast/pipeline.go", "StageWords") }

func stages(t *testing.T) []string {
	return append(rowStages(t), words(t, "compiler/check/reduce.go", "reducers")...)
}

// subcommands are the first words of how each is used, as cobra is told.
func subcommands(t *testing.T) []string {
	t.Helper()
	use := regexp.MustCompile(`Use: +"([a-z-]+)`)
	var out []string
	for _, m := range use.FindAllStringSubmatch(strings.Join(textsOf(t, "cmd/livec/internal/cli/*.go"), ""), -1) {
		if m[1] != "livec" {
			out = append(out, m[1])
		}
	}
	return out
}

// nodes are the types that have an input, the method that all nodes of plans have.
func nodes(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range all(t) {
		if f.path != "relation/input.go" {
			continue
		}
		for _, d := range f.code.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "input" {
				out = append(out, fn.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
			}
		}
	}
	return out
}

// members are those of entry points in the contract.
func members(*testing.T) []string {
	var out []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[contract.EntryPoint]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}

func relational(*testing.T) []string {
	return slices.DeleteFunc(function.Names(), func(name string) bool { return !function.Of(name).Relational })
}

func ofData(*testing.T) []string {
	return slices.DeleteFunc(function.Names(), func(name string) bool { return function.Of(name).Carry == function.None })
}

func carriers(*testing.T) []string {
	return slices.DeleteFunc(function.Names(), func(name string) bool { return function.Of(name).Carry != function.Carries })
}

// words are the texts in what is assigned to a variable of a package.
func words(t *testing.T, file, variable string) []string {
	t.Helper()
	var out []string
	collect := func(x ast.Node) {
		ast.Inspect(x, func(n ast.Node) bool {
			if _, body := n.(*ast.FuncLit); body {
				return false
			}
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if word, err := strconv.Unquote(l.Value); err == nil {
					out = append(out, word)
				}
			}
			return true
		})
	}
	for _, f := range all(t) {
		if f.path != file {
			continue
		}
		ast.Inspect(f.code, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if x, ok := n.Lhs[0].(*ast.Ident); ok && x.Name == variable {
					collect(n)
				}
			case *ast.ValueSpec:
				if n.Names[0].Name == variable {
					collect(n)
				}
			}
			return true
		})
	}
	if len(out) == 0 {
		t.Fatalf("%s has no list %s: say in scripts/house/forgotten_test.go where it is now", file, variable)
	}
	return out
}
