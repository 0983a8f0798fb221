package runtime

import (
	"flag"
	"fmt"

	"github.com/livec-lang/livec/limits"
)

// limitFlags defines a flag for each limit. What the environment sets is overridden by the flag.
func (p *program) limitFlags(flags *flag.FlagSet) error {
	p.limits = limits.Values{}
	for _, l := range limits.All() {
		if text := p.env(l.Env(), ""); text != "" {
			v, err := l.Parse(text)
			if err != nil {
				return fmt.Errorf("%s %w", l.Env(), err)
			}
			p.limits[l.ID] = v
		}
		flags.Func(l.Flag(), limitHelp(l), func(text string) error {
			v, err := l.Parse(text)
			if err != nil {
				p.wrong = fmt.Errorf("--%s %w", l.Flag(), err)
				return err
			}
			p.limits[l.ID] = v
			return nil
		})
	}
	return nil
}

// limitHelp is the text of --help for a limit. The word in backquotes is shown as the kind of value.
func limitHelp(l *limits.Limit) string {
	kind := "number"
	switch l.Unit {
	case limits.Count, limits.PerSecond:
	case limits.Bytes, limits.BytesPerSecond:
		kind = "size"
	case limits.Duration:
		kind = "duration"
	default:
		panic(fmt.Sprintf("unit %d of %s", l.Unit, l.Name))
	}
	return fmt.Sprintf("`%s`: limit for each %s: %s; environment variable %s; see docs/limits.md", kind, l.Scope, l.Bounds, l.Env())
}
