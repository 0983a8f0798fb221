package analyze

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// footprints fills in what each entry point does, with all guards and functions that it runs: what it reads and writes,
// publishes and sends, calls outside, and which error codes it can give.
func footprints(p *ir.Program) {
	a := &footprint{fns: map[*ir.Fn]*set{}, guards: map[*ir.Guard]*set{}}
	for _, m := range p.Modules {
		for _, f := range m.Fns {
			s := a.fn(f)
			f.Fails, f.Ctx = s.fails, s.ctx || s.reads != nil
		}
	}
	for _, m := range p.Modules {
		for _, g := range m.Guards {
			g.Effects = a.guard(g).effects()
		}
		for _, r := range m.RPCs {
			a.rpc(r)
		}
		for _, s := range m.Streams {
			a.stream(s)
		}
		for _, c := range m.Channels {
			s := a.entry(c.Access, c.Params, c.Rates)
			s.add(a.access(c.Writers))
			a.block(s, c.OnSubscribe)
			a.block(s, c.OnUnsubscribe)
			c.Effects = s.effects()
		}
		for _, r := range m.Rooms {
			a.room(r)
		}
	}
	if u := p.Upgrade; u != nil {
		s := &set{}
		a.block(s, u.Body)
		u.Effects = s.effects()
	}
}

// set is effects under collection.
type set struct {
	reads, writes map[*ir.Table]bool
	externs       map[*ir.Extern]bool
	signals       map[*ir.Signal]bool
	publishes     map[string]bool
	codes         map[string]bool
	session, user bool
	sessions      bool // writes the table of sessions
	ctx, fails    bool
}

func put[K comparable](m *map[K]bool, k K) {
	if *m == nil {
		*m = map[K]bool{}
	}
	(*m)[k] = true
}

func (s *set) code(c string) { put(&s.codes, c); s.fails = true }

func (s *set) add(o *set) {
	for k := range o.reads {
		put(&s.reads, k)
	}
	for k := range o.writes {
		put(&s.writes, k)
	}
	for k := range o.externs {
		put(&s.externs, k)
	}
	for k := range o.signals {
		put(&s.signals, k)
	}
	for k := range o.publishes {
		put(&s.publishes, k)
	}
	for k := range o.codes {
		put(&s.codes, k)
	}
	s.session, s.user = s.session || o.session, s.user || o.user
	s.sessions = s.sessions || o.sessions
	s.ctx, s.fails = s.ctx || o.ctx, s.fails || o.fails
}

func (s *set) effects() ir.Effects {
	e := ir.Effects{
		Reads: tables(s.reads), Writes: tables(s.writes), Errors: keys(s.codes), Publishes: keys(s.publishes),
		Session: s.session, UsesUser: s.user, Mode: ir.Pure,
	}
	for x := range s.externs {
		e.Externs = append(e.Externs, x)
	}
	slices.SortFunc(e.Externs, func(a, b *ir.Extern) int { return strings.Compare(a.Module+"/"+a.Name, b.Module+"/"+b.Name) })
	for x := range s.signals {
		e.Signals = append(e.Signals, x)
	}
	slices.SortFunc(e.Signals, func(a, b *ir.Signal) int { return strings.Compare(a.Module+"/"+a.Name, b.Module+"/"+b.Name) })
	switch {
	case len(e.Writes) > 0 || s.sessions:
		e.Mode = ir.Write
	case len(e.Reads) > 0:
		e.Mode = ir.Read
	}
	return e
}

func tables(m map[*ir.Table]bool) []*ir.Table {
	var out []*ir.Table
	for t := range m {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *ir.Table) int {
		return strings.Compare(a.Row.Module+"/"+a.Row.Name, b.Row.Module+"/"+b.Row.Name)
	})
	return out
}

func keys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
