package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/cmd/livec/internal/queryplan"
	"github.com/livec-lang/livec/compiler/ir"
)

func (p *program) explainQuery() *cobra.Command {
	var statements bool
	c := &cobra.Command{
		Use:   "explain-query PATH [NAME…]",
		Short: "Show how queries run and stay live",
		Long: `Prints the plan of a query, its SQL and the indexes that the database uses. For a
live stream it also shows how a write finds the subscriptions that it changes,
and what each update costs. NAME is a stream or an rpc, such as messages or
chat/messages. Without a NAME, livec prints all queries.`,
		Example: `  livec explain-query chat.live messages`,
		Args:    cobra.MinimumNArgs(1),
		ValidArgsFunction: func(c *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
			return liveFile(c, args, start)
		},
	}
	c.Flags().BoolVar(&statements, "statements", false, "also print the other SQL statements of live queries")
	return p.command(c, func(_ context.Context, args []string) error { return p.explainQueries(args[0], args[1:], statements) })
}

func (p *program) explainQueries(path string, names []string, statements bool) error {
	app, err := p.understand(path)
	if err != nil {
		return err
	}
	queries, err := named(app.made.Program.Queries, names)
	if err != nil {
		return err
	}
	if len(queries) == 0 {
		p.note("%s has no queries", app.Name)
		return nil
	}
	db, err := queryplan.Open(app.made)
	if err != nil {
		return fail.Internal("creating the tables of %s: %w", app.Name, err)
	}
	defer func() { _ = db.Close() }() // it is in memory, so there is nothing to lose
	w := queryplan.New(app.made, db, statements)
	for i, q := range queries {
		if i > 0 {
			fmt.Fprintln(p.out)
		}
		if err := w.Text(p.out, q); err != nil {
			return fail.Failed("the explanation cannot be written: %w", err)
		}
	}
	return nil
}

// named returns the queries of the named streams and rpcs; all queries if no names are given.
func named(all []*ir.Query, names []string) ([]*ir.Query, error) {
	if len(names) == 0 {
		return all, nil
	}
	var out []*ir.Query
	for _, name := range names {
		n := len(out)
		for _, q := range all {
			owner, _, _ := strings.Cut(q.Name, "#")
			if q.Name == name || owner == name || strings.HasSuffix(owner, "/"+name) {
				out = append(out, q)
			}
		}
		if len(out) == n {
			var known []string
			for _, q := range all {
				owner, _, _ := strings.Cut(q.Name, "#")
				known = append(known, owner)
			}
			if len(known) == 0 {
				return nil, fail.Misuse("there is no query %s, because no stream or rpc of the app has a query", name)
			}
			slices.Sort(known)
			return nil, fail.Misuse("there is no query %s; the queries are %s", name, strings.Join(slices.Compact(known), ", "))
		}
	}
	return out, nil
}
