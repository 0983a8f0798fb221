package analyze

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// footprintsOf finds out what each entry point does, including its guards and functions: what it reads and writes, what it
// publishes and sends, which extern functions it calls, and which error codes it can return.
func footprintsOf(p *ir.Program) map[ir.EntryPoint]*Footprint {
	a := &footprints{fns: map[*ir.Fn]*set{}, guards: map[*ir.Guard]*set{}, done: map[ir.EntryPoint]*Footprint{}}
	for _, m := range p.Modules {
		for _, e := range m.AllEntryPoints() {
			a.entryPoint(e)
		}
	}
	return a.done
}

func (a *footprints) entryPoint(e ir.EntryPoint) {
	switch x := e.(type) {
	case *ir.RPC:
		a.rpc(x)
	case *ir.Stream:
		a.stream(x)
	case *ir.Channel:
		a.channel(x)
	case *ir.Room:
		a.room(x)
	case *ir.Signal: // it runs nothing
	default:
		panic(ir.UnknownEntryPoint(e))
	}
}

// set is a footprint being collected.
type set struct {
	reads, writes map[*ir.Table]bool
	policies      map[*ir.Table]bool // whose read policy is in the set
	externs       map[*ir.Extern]bool
	signals       map[*ir.Signal]bool
	publishes     map[string]bool
	codes         map[string]bool
	session, user bool
	sessions      bool // writes the table of sessions
}

func put[K comparable](m *map[K]bool, k K) {
	if *m == nil {
		*m = map[K]bool{}
	}
	(*m)[k] = true
}

func (s *set) code(c string) { put(&s.codes, c) }

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
}

func (s *set) footprint() *Footprint {
	e := &Footprint{
		Reads: tables(s.reads), Writes: tables(s.writes), Errors: keys(s.codes), Publishes: keys(s.publishes),
		Session: s.session, UsesUser: s.user, Mode: Pure,
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
		e.Mode = Write
	case len(e.Reads) > 0:
		e.Mode = Read
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
