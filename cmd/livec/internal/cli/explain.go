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
		Use:     "explain CODE",
		Short:   "Tell what a diagnostic means",
		Long:    "Prints what a code such as LIVE0412 means, why it matters, and what to do. The prefix may be left out.",
		Example: "  livec explain LIVE0412",
		Args:    cobra.ExactArgs(1),
	}
	return p.command(c, func(_ context.Context, args []string) error {
		code := strings.ToUpper(args[0])
		if !strings.HasPrefix(code, codePrefix) {
			code = codePrefix + code
		}
		page, ok := p.Explain(diag.Code(code))
		if !ok {
			return fail.Misuse("there is no diagnostic %s; codes look like LIVE0412", args[0])
		}
		fmt.Fprintln(p.out, strings.TrimSpace(page))
		return nil
	})
}
