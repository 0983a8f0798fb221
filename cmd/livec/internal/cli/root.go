package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/lang/load"
)

func (p *program) root() *cobra.Command {
	c := &cobra.Command{
		Use:   "livec",
		Short: "Compile .live files into a Go server and typed TypeScript clients",
		Long: `livec checks .live files and generates a Go server with typed TypeScript and
Svelte clients.

Exit codes: 0 success, 1 the app has errors or the command failed, 2 a wrong
argument, 3 a bug in livec.`,
		Example: `  livec run examples/chat.live     build and serve an app
  livec check .                    check it for errors
  livec build app -o gen           generate its server and clients`,
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
	}
	c.PersistentFlags().StringVar(&p.color, "color", "auto", "color the output: auto, always or never")
	choices(c, "color", "auto", "always", "never")
	c.AddCommand(p.check(), p.build(), p.run(), p.fmt(), p.explain(), p.graph(), p.explainQuery(), p.doc(), p.version())
	c.InitDefaultCompletionCmd()
	if completion, _, err := c.Find([]string{"completion"}); err == nil {
		shells := completion.Commands()
		completion.RunE = func(c *cobra.Command, args []string) error { // otherwise it would print its help and succeed
			if len(args) == 0 {
				return c.Help()
			}
			names := make([]string, len(shells))
			for i, s := range shells {
				names[i] = s.Name()
			}
			return fail.Misuse("there are no completions for %q; choose one of %s", args[0], strings.Join(names, ", "))
		}
		completion.Args = cobra.ArbitraryArgs
	}
	return c
}

// choices completes a flag of a command with its possible values.
func choices(c *cobra.Command, flag string, values ...string) {
	// It fails only if the command has no such flag, which the first run would show.
	_ = c.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values, cobra.ShellCompDirectiveNoFileComp
	})
}

// liveFiles completes arguments with source files and folders in shells.
func liveFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{load.Ext[1:]}, cobra.ShellCompDirectiveFilterFileExt
}

// liveFile is liveFiles for commands with one argument.
func liveFile(c *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return liveFiles(c, args, start)
}
