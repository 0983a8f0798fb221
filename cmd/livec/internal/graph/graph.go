// Package graph shows what the entry points of an app do: what they read, write, publish, signal and call, how they can fail, and which
// streams their writes reach.
package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// Graph is an app as a graph. All names are module/name; lists are sorted.
type Graph struct {
	App         string       `json:"app"`
	EntryPoints []EntryPoint `json:"entryPoints"`
	Tables      []Table      `json:"tables"`
	Secrets     []Secret     `json:"secrets"`  // where a secret is revealed or compared, in the order of the text
	NotBuilt    []Other      `json:"notBuilt"` // what livec can check but not build yet: its effects are not part of the graph
}

// Secret is a place where a secret is revealed or compared, or where rows are sent without their policy.
type Secret struct {
	Name  string `json:"name"`  // of the secret field or setting, or of the table
	Use   string `json:"use"`   // revealed or compared
	By    string `json:"by"`    // the function: reveal, sameText, checkPassword
	Place string `json:"place"` // file:line:column
}

// Other is a declaration that is not part of the graph.
type Other struct {
	Kind string `json:"kind"` // aggregate, cron, effect, middleware or webhook
	Name string `json:"name"`
}

// EntryPoint is one entry point.
type EntryPoint struct {
	Kind      string   `json:"kind"` // rpc, stream, channel, room
	Name      string   `json:"name"`
	Params    string   `json:"params"`         // as written in the language: (room: string)
	Type      string   `json:"type,omitempty"` // of its result or value, as written in the language
	Access    string   `json:"access"`
	Mode      string   `json:"mode"` // pure, read or write: how it uses the database
	Reads     []string `json:"reads"`
	Writes    []string `json:"writes"`
	Publishes []string `json:"publishes"`
	Signals   []string `json:"signals"`
	Calls     []string `json:"calls"` // extern functions
	Errors    []string `json:"errors"`
	Session   bool     `json:"session"` // starts or ends a session
	User      bool     `json:"user"`    // reads ctx.user
	Follows   []Follow `json:"follows"` // of a stream: the tables that its events come from
	Reaches   []string `json:"reaches"` // streams that its writes and publishes may change
}

// Follow is one table that a stream follows, and how a write to it finds the subscriptions that it changes.
type Follow struct {
	Table string   `json:"table"`
	By    []string `json:"by"` // fields that must equal a parameter of the subscription; none: each write concerns all subscriptions
	// If set, By must instead equal a value of a row that the subscription shows: a row that a join or an inner pipeline looks up.
	Shown bool `json:"shown"`
}

// Table is one table.
type Table struct {
	Name   string   `json:"name"`
	Fields []string `json:"fields"`
	Key    []string `json:"key"`
}

// Of makes the graph of a program.
func Of(app *compiler.App) Graph {
	p := app.Program
	g := Graph{App: p.Name, EntryPoints: []EntryPoint{}, Tables: []Table{}, Secrets: []Secret{}, NotBuilt: []Other{}}
	names := map[*relation.Table]string{}
	for _, m := range p.Modules {
		for _, t := range m.Tables {
			names[app.Plans.Table(t)] = tableName(t)
			g.Tables = append(g.Tables, Table{tableName(t), fields(t.Row.Fields), fields(t.Key)})
		}
	}
	for _, m := range p.Modules {
		for _, e := range m.AllEntryPoints() {
			if _, signal := e.(*ir.Signal); !signal { // a signal does nothing: it is shown with those who send it
				g.EntryPoints = append(g.EntryPoints, entryPoint(app, e, names))
			}
		}
		for _, x := range m.Pending {
			switch x.Keyword {
			case "aggregate", "cron", "effect", "middleware", "webhook":
				g.NotBuilt = append(g.NotBuilt, Other{x.Keyword, m.Name + "/" + x.Name})
			case "test", "migrate", "delta", "putFile", "page of a published stream": // parts of others, or not part of the server
			default:
				panic("whether the graph shows `" + x.Keyword + "` is not known")
			}
		}
	}
	for _, use := range app.Facts.Secrets {
		at := use.Pos.File.Position(use.Pos.Span.Start)
		g.Secrets = append(g.Secrets, Secret{use.Secret, string(use.Kind), use.How,
			fmt.Sprintf("%s:%d:%d", use.Pos.File.Path, at.Line, at.Column)})
	}
	g.reach()
	return g
}

func entryPoint(app *compiler.App, e ir.EntryPoint, names map[*relation.Table]string) EntryPoint {
	head, does := e.Head(), app.Facts.Footprint(e)
	out := EntryPoint{
		Kind: string(head.Kind), Name: head.Path(), Access: head.Access.Text,
		Mode:  [...]string{analyze.Pure: "pure", analyze.Read: "read", analyze.Write: "write"}[does.Mode],
		Reads: tables(does.Reads), Writes: tables(does.Writes), Publishes: sorted(does.Publishes), Signals: []string{}, Calls: []string{},
		Errors: sorted(does.Errors), Session: does.Session, User: does.UsesUser, Follows: []Follow{}, Reaches: []string{},
	}
	var list []string
	for _, p := range head.Params {
		list = append(list, p.Name+": "+ir.TypeString(p.Type))
	}
	out.Params = "(" + strings.Join(list, ", ") + ")"
	if head.Result != nil {
		out.Type = ir.ShownString(head.Result)
	}
	for _, s := range does.Signals {
		out.Signals = append(out.Signals, s.Module+"/"+s.Name)
	}
	for _, x := range does.Externs {
		out.Calls = append(out.Calls, x.Module+"/"+x.Name)
	}
	if s, ok := e.(*ir.Stream); ok {
		out.follow(app, s, does, names)
	}
	return out
}

// follow adds the sources of a stream's events.
func (e *EntryPoint) follow(app *compiler.App, s *ir.Stream, does *analyze.Footprint, names map[*relation.Table]string) {
	switch {
	case s.Form == ir.LiveStream:
		e.Follows = follows(chain.Of(app.Plans.Query(s.Query).Plan), names)
	case s.Form == ir.DerivedStream && len(s.Sources) == 0:
		for _, t := range does.Reads {
			e.Follows = append(e.Follows, Follow{Table: tableName(t), By: []string{}})
		}
	case s.Form == ir.DerivedStream:
		for _, source := range s.Sources {
			if source.Table != nil {
				e.Follows = append(e.Follows, Follow{Table: tableName(source.Table), By: []string{}})
			}
		}
	}
}

// follows lists the tables that a live query reads, each with the columns by which writes find its subscriptions.
func follows(c *chain.Chain, names map[*relation.Table]string) []Follow {
	out := []Follow{}
	for _, r := range c.Reads {
		f := Follow{Table: names[r.Table], By: []string{}}
		cols := r.Cols
		if r.Dep >= 0 && !c.Deps[r.Dep].Member && len(c.Deps[r.Dep].Cols) > 0 {
			cols, f.Shown = c.Deps[r.Dep].Cols, true
		}
		for _, col := range cols {
			f.By = append(f.By, r.Table.Columns[col].Name)
		}
		if !slices.ContainsFunc(out, func(x Follow) bool { return x.Table == f.Table && x.Shown == f.Shown && slices.Equal(x.By, f.By) }) {
			out = append(out, f)
		}
	}
	return out
}

// reach finds the streams that the writes and events of each entry point reach.
func (g *Graph) reach() {
	for i := range g.EntryPoints {
		e := &g.EntryPoints[i]
		e.Reaches = append(e.Reaches, e.Publishes...)
		for _, s := range g.EntryPoints {
			if slices.ContainsFunc(s.Follows, func(f Follow) bool { return slices.Contains(e.Writes, f.Table) }) {
				e.Reaches = append(e.Reaches, s.Name)
			}
		}
		slices.Sort(e.Reaches)
		e.Reaches = slices.Compact(e.Reaches)
	}
}

func tableName(t *ir.Table) string { return t.Row.Module + "/" + t.Row.Name }

func tables(all []*ir.Table) []string {
	out := []string{}
	for _, t := range all {
		out = append(out, tableName(t))
	}
	return sorted(out)
}

func fields(all []*ir.Field) []string {
	out := []string{}
	for _, f := range all {
		out = append(out, f.Name)
	}
	return out
}

func sorted(all []string) []string {
	out := append([]string{}, all...)
	slices.Sort(out)
	return slices.Compact(out)
}

// short returns a function that removes the module from names, if that is not ambiguous.
func (g *Graph) short() func(name string) string {
	count := map[string]int{}
	for _, t := range g.Tables {
		_, base := split(t.Name)
		count[base]++
	}
	return func(name string) string {
		if _, base := split(name); count[base] == 1 {
			return base
		}
		return name
	}
}

func split(name string) (module, base string) {
	i := strings.LastIndexByte(name, '/')
	return name[:max(i, 0)], name[i+1:]
}
