package cli

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/gomod"
)

func (p *program) version() *cobra.Command {
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the version of livec",
		Args:  cobra.NoArgs,
	}
	return p.command(c, func(context.Context, []string) error {
		origin, err := gomod.Find()
		version, from := origin.Version, ""
		switch {
		case err != nil:
			version = "of unknown version"
		case origin.Dir != "":
			version, from = "development", ", from "+origin.Dir
		}
		fmt.Fprintf(p.out, "livec %s (%s, %s/%s%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, from)
		return nil
	})
}
