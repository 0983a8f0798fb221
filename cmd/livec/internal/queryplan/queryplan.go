// Package queryplan shows how a query runs and is kept live: its plan, its SQL, the indexes that the database uses, how a write finds the
// subscriptions that it changes, and what that costs.
package queryplan

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/plan"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/sql"
	"github.com/livec-lang/livec/relation/sqlite"
)

// Explainer asks the database how it would run a statement. It returns one line for each step.
type Explainer interface {
	Explain(sql string, params int) ([]string, error)
}

// Writer reports the queries of one program.
type Writer struct {
	DB         Explainer
	Statements bool // also show the other statements of live queries
	plans      *plan.Plans
	tables     map[*relation.Table]string
}

// New returns a writer for the queries of a program.
func New(app *compiler.App, db Explainer, statements bool) *Writer {
	p := app.Program
	w := &Writer{DB: db, plans: app.Plans, Statements: statements, tables: map[*relation.Table]string{}}
	twice := map[string]bool{}
	for _, m := range p.Modules {
		for _, t := range m.Tables {
			for _, name := range w.tables {
				twice[t.Row.Name] = twice[t.Row.Name] || name == t.Row.Name
			}
			w.tables[app.Plans.Table(t)] = t.Row.Name
		}
	}
	for _, m := range p.Modules {
		for _, t := range m.Tables {
			if twice[t.Row.Name] {
				w.tables[app.Plans.Table(t)] = t.Row.Module + "/" + t.Row.Name
			}
		}
	}
	return w
}

// Text writes a query, how it runs, and how it is kept live.
func (w *Writer) Text(to io.Writer, q *ir.Query) error {
	out := bufio.NewWriter(to)
	kind := "query"
	if q.Live {
		kind = "live query"
	}
	fmt.Fprintf(out, "%s %s\n", kind, q.Name)
	section := func(name string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(out, "\n%s\n", name)
		for _, l := range lines {
			fmt.Fprintf(out, "  %s\n", l)
		}
	}
	made := w.plans.Query(q)
	p := &printer{params: params(made), tables: w.tables}
	section("plan", piped(p.stages(made.Plan)))
	if err := w.sql(section, p, "sql", "sqlite", made.Query); err != nil {
		return err
	}
	if q.Live {
		section("kept live", p.kept(made.Query))
	}
	if q.Live && w.Statements {
		for _, s := range made.Statements {
			if err := w.sql(section, p, "sql of "+s.Role.String(), "", s.Query); err != nil {
				return err
			}
		}
	}
	return out.Flush() // returns the first error of all writes
}

// sql writes the statements of a query, and how SQLite runs each: under a title, or below its statement if there is no title.
func (w *Writer) sql(section func(name string, lines []string), p *printer, title, steps string, q *relation.Query) error {
	prepared, err := sql.Prepare(sqlite.Flavour, q)
	if err != nil {
		return err
	}
	for _, st := range prepared.Statements {
		if steps == "" {
			section(title, append(p.statement(st), w.explained(st)...))
			continue
		}
		section(title, p.statement(st))
		section(steps, w.explained(st))
	}
	return nil
}

// madeUp matches the name of a parameter that the planner has numbered, since it could not name it after what it reads.
var madeUp = regexp.MustCompile(`^p[0-9]+$`)

// params returns the meaning of each parameter of a query: its name, or the text that it comes from.
func params(q *plan.Query) []string {
	var out []string
	for i, c := range q.Params {
		name := c.Name
		if madeUp.MatchString(name) && i < len(q.Args) {
			if at := q.Args[i].Where(); at.File != nil && at.Span.Start < at.Span.End && int(at.Span.End) <= len(at.File.Text) {
				name = "`" + strings.Join(strings.Fields(at.File.Text[at.Span.Start:at.Span.End]), " ") + "`"
			}
		}
		out = append(out, name)
	}
	return out
}

// piped returns the source and the stages, each on its own line.
func piped(stages []string) []string {
	out := []string{stages[0]}
	for _, s := range stages[1:] {
		out = append(out, "| "+s)
	}
	return out
}

// statement writes SQL, and the values that are bound to its placeholders.
func (p *printer) statement(st *sql.Statement) []string {
	lines := strings.Split(strings.TrimSpace(st.SQL), "\n")
	var names []string
	for i, b := range st.Binds {
		if b >= 0 && b < len(p.params) {
			names = append(names, fmt.Sprintf("?%d = %s", i+1, p.params[b]))
		}
	}
	if len(names) > 0 {
		lines = append(lines, "with "+strings.Join(names, ", "))
	}
	return lines
}

func (w *Writer) explained(st *sql.Statement) []string {
	lines, err := w.DB.Explain(st.SQL, len(st.Binds))
	if err != nil {
		return []string{"cannot tell: " + err.Error()}
	}
	return lines
}
