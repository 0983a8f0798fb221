package cli

import (
	"bytes"
	"context"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/contractdoc"
	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/cmd/livec/internal/output"
)

func (p *program) doc() *cobra.Command {
	var format, out string
	c := &cobra.Command{
		Use:   "doc PATH",
		Short: "Document the contract of an app",
		Long: `Writes a document for the people who write clients: the entry points of an app
with their doc comments, who may use them, how they fail, and their types.`,
		Example: `  livec doc chat.live > CONTRACT.md
  livec doc --format html -o contract.html app`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: liveFile,
	}
	c.Flags().StringVar(&format, "format", "markdown", "output format: markdown or html")
	choices(c, "format", "markdown", "html")
	c.Flags().StringVarP(&out, "out", "o", "", "output `file` (default: standard output)")
	return p.command(c, func(_ context.Context, args []string) error {
		write, err := choice(contractdoc.Writers(), format)
		if err != nil {
			return err
		}
		app, err := p.understand(args[0])
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := write(&b, app.made); err != nil {
			return fail.Internal("the document of %s: %w", app.Name, err)
		}
		if out != "" {
			return output.Put(out, b.Bytes())
		}
		if _, err := p.out.Write(b.Bytes()); err != nil {
			return fail.Failed("the document cannot be written: %w", err)
		}
		return nil
	})
}
