package runtime

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/internal/weborigin"
	"github.com/livec-lang/livec/runtime/internal/proxy"
	"github.com/livec-lang/livec/runtime/internal/site"
)

// misuse is the error of a flag or a setting that cannot be read. It says which, and what to set it to.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// settings are what flags and the environment say besides limits, once it is checked.
type settings struct {
	production bool
	trusted    proxy.Trusted
	hosts      proxy.Hosts
	origins    []string
	base       string
	files      *site.Site // nil for none
}

// settings reads the settings before anything is opened. The error is a misuse.
func (p *program) settings() (s settings, err error) {
	if s.production, err = p.production(); err != nil {
		return s, misuse{err}
	}
	if check := p.reg.app.CheckEnv; check != nil {
		if err := check(p.lookup); err != nil {
			return s, misuse{fmt.Errorf("%w (set it in the environment)", err)}
		}
	}
	for _, read := range []struct {
		names string
		with  func() error
	}{
		{"--trusted-proxies (LIVE_TRUSTED_PROXIES)", func() (err error) { s.trusted, err = proxy.Parse(p.trusted); return err }},
		{"--hosts (LIVE_HOSTS)", func() (err error) { s.hosts, err = proxy.ParseHosts(p.hosts); return err }},
		{"--origins (LIVE_ORIGINS)", func() (err error) { s.origins, err = weborigin.List(p.origins); return err }},
		{"--base (LIVE_BASE)", func() (err error) { s.base, err = site.ParseBase(p.base); return err }},
		{"--web (LIVE_WEB)", func() (err error) { s.files, err = site.Open(p.web); return err }},
	} {
		if err := read.with(); err != nil {
			return s, misuse{fmt.Errorf("%s: %w", read.names, err)}
		}
	}
	return s, nil
}

// warn logs settings that can be read, and are probably mistakes. It comes once all settings were read.
func (p *program) warn(s settings, log *slog.Logger) {
	for _, r := range s.trusted.Wide() {
		log.Warn("--trusted-proxies trusts so many addresses that every client there can claim any address; list those of the proxies alone",
			"range", r.String())
	}
	for _, name := range p.unknown() {
		args := []any{"name", name}
		if near, ok := spelling.Suggest(name, slices.Sorted(maps.Keys(p.asked))); ok {
			args = append(args, "did_you_mean", near)
		}
		log.Warn("the environment has a variable that no setting has", args...)
	}
}

// unknown lists the variables of the environment that have the name of a setting, and that nothing has asked for.
func (p *program) unknown() []string {
	var out []string
	for _, entry := range p.environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "LIVE_") && !p.asked[name] && name != clientURL {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// clientURL is the variable that clients in Node read, which may run in the same environment.
const clientURL = "LIVE_URL"

// ask wraps lookup so that it remembers which variables are settings.
func (p *program) ask() {
	lookup := p.lookup
	p.asked = map[string]bool{}
	p.lookup = func(name string) (string, bool) {
		p.asked[name] = true
		return lookup(name)
	}
}

func (p *program) production() (bool, error) {
	switch v := p.env("LIVE_ENV", "development"); v {
	case "production":
		return true, nil
	case "development":
		return false, nil
	default:
		return false, fmt.Errorf("LIVE_ENV is %q; set it to development or production", v)
	}
}
