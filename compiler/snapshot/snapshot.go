// Package snapshot is the front end of the compiler for tools such as an editor's server. A Snapshot is an app at one moment: it can be
// checked without plans and a contract, and be asked what stands at a place, also where the text has mistakes.
package snapshot

import (
	"cmp"
	"slices"
	"sync"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/check"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/prune"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/stdlib"
)

// Snapshot is the text of an app at one moment, and what the compiler finds out about it. It never changes, and may be used by several
// goroutines at once. The work is done when it is first asked for, and once.
type Snapshot struct {
	name  string
	files []*file // in order of their paths
	check func() *checked
}

// file is one version of a file. Snapshots share it, and with it its syntax tree.
type file struct {
	source  *source.File
	version int
	parse   func() (*ast.File, diag.List)
}

// checked is what the passes have found out.
type checked struct {
	files []*source.File // of the app and of the standard library
	trees map[*source.File]*ast.File
	index *index.Index
	list  diag.List
}

// Change is the new text of a file, or its end.
type Change struct {
	File    *source.File // one that the snapshot does not have is added; one of the same path is replaced
	Version int          // of the text, as the editor counts; 0 for a file as it is on disk
	Removed bool         // the file is gone, and only its path counts
}

// New returns the snapshot of an app. The files are all of its modules; those of the standard library are added. The files must not change
// after that.
func New(name string, files []*source.File) *Snapshot {
	s := &Snapshot{name: name}
	for _, f := range files {
		s.files = append(s.files, newFile(f, 0))
	}
	return s.ready()
}

// Update returns the snapshot after some changes. Only files whose text has changed are parsed again.
func (s *Snapshot) Update(changes ...Change) *Snapshot {
	next := &Snapshot{name: s.name, files: slices.Clone(s.files)}
	for _, c := range changes {
		i := slices.IndexFunc(next.files, func(f *file) bool { return f.source.Path == c.File.Path })
		switch {
		case c.Removed && i >= 0:
			next.files = slices.Delete(next.files, i, i+1)
		case c.Removed:
		case i < 0:
			next.files = append(next.files, newFile(c.File, c.Version))
		case next.files[i].source.Text == c.File.Text && next.files[i].source.Module == c.File.Module:
			next.files[i] = &file{source: next.files[i].source, version: c.Version, parse: next.files[i].parse}
		default:
			next.files[i] = newFile(c.File, c.Version)
		}
	}
	return next.ready()
}

func newFile(f *source.File, version int) *file {
	return &file{source: f, version: version, parse: sync.OnceValues(func() (*ast.File, diag.List) { return parser.Parse(f) })}
}

func (s *Snapshot) ready() *Snapshot {
	slices.SortStableFunc(s.files, func(a, b *file) int { return cmp.Compare(a.source.Path, b.source.Path) })
	s.check = sync.OnceValue(s.run)
	return s
}

// run takes the text through the passes that find mistakes: the front half of compiler.Compile.
func (s *Snapshot) run() *checked {
	out := &checked{trees: map[*source.File]*ast.File{}}
	var trees []*ast.File
	for _, f := range s.files {
		tree, found := f.parse()
		trees = append(trees, tree)
		out.list = append(out.list, found...)
	}
	trees = stdlib.With(trees)
	for _, t := range trees {
		out.files = append(out.files, t.Source)
		out.trees[t.Source] = t
	}
	modules, found := resolve.Modules(prune.Unused(trees), stdlib.Modules())
	out.list = append(out.list, found...)
	prog, x, found := check.Program(s.name, modules)
	out.index = x
	if out.list = append(out.list, found...); !out.list.HasErrors() {
		_, found = analyze.Program(prog)
		out.list = append(out.list, found...)
	}
	out.list = out.list.Sorted()
	return out
}

// Check returns what is wrong with the app, in order of the places. It leaves out what needs plans, such as advice on indexes.
func (s *Snapshot) Check() diag.List { return slices.Clone(s.check().list) }

// Version returns the version of a file, by its path. ok is false if the app has no such file.
func (s *Snapshot) Version(path string) (version int, ok bool) {
	for _, f := range s.files {
		if f.source.Path == path {
			return f.version, true
		}
	}
	return 0, false
}

// File returns a file of the app, or of the standard library if the app uses it, by its path; nil if there is none.
func (s *Snapshot) File(path string) *source.File {
	for _, f := range s.check().files {
		if f.Path == path {
			return f
		}
	}
	return nil
}
