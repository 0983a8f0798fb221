package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/cmd/livec/internal/graph"
)

func (p *program) graph() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "graph PATH",
		Short: "Show what the entry points of an app do",
		Long: `Prints what each entry point reads, writes, publishes and signals, which extern
functions it calls, how it fails, and which streams its writes reach. For a
stream it prints the tables that it follows, and the fields by which a write
finds the subscriptions that it changes.`,
		Example: `  livec graph chat.live
  livec graph --format dot app | dot -Tsvg > app.svg`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: liveFile,
	}
	c.Flags().StringVar(&format, "format", textFormat, "output format: text, json, dot or mermaid")
	choices(c, "format", "text", "json", "dot", "mermaid")
	return p.command(c, func(_ context.Context, args []string) error {
		write, err := choice(graph.Writers(), format)
		if err != nil {
			return err
		}
		app, err := p.understand(args[0])
		if err != nil {
			return err
		}
		if err := write(p.out, graph.Of(app.made)); err != nil {
			return fail.Failed("the graph cannot be written: %w", err)
		}
		return nil
	})
}

// choice returns the writer of a format.
func choice[T any](all map[string]T, format string) (T, error) {
	x, ok := all[format]
	if !ok {
		return x, fail.Misuse("there is no format %q; choose one of %s", format, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	}
	return x, nil
}
