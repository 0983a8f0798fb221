package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/lang/diag"
)

const codePrefix = "LIVE"

func (p *program) explain() *cobra.Command {
	c := &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Explain a diagnostic",
		Long: `Explains a code such as LIVE0412: what it means, why it matters, and what to do.
The prefix LIVE may be left out. Without a code, livec lists all of them.`,
		Example: "  livec explain LIVE0412",
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, code := range diag.Codes() {
				if len(args) == 0 {
					codes = append(codes, string(code)+"\t"+diag.Title(code))
				}
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
	}
	return p.command(c, func(_ context.Context, args []string) error {
		if len(args) == 0 {
			for _, code := range diag.Codes() {
				fmt.Fprintf(p.out, "%s  %s\n", code, diag.Title(code))
			}
			return nil
		}
		options, err := p.reader(p.out)
		if err != nil {
			return err
		}
		code := strings.ToUpper(args[0])
		if !strings.HasPrefix(code, codePrefix) {
			code = codePrefix + fmt.Sprintf("%04s", code)
		}
		text, ok := p.Explain(diag.Code(code))
		if !ok {
			return fail.Misuse("there is no diagnostic %s; a code looks like LIVE0412, and `livec explain` lists all of them", args[0])
		}
		fmt.Fprintln(p.out, strings.TrimSpace(page(text, options)))
		return nil
	})
}
