package load

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// Overlay returns a file system in which some files are replaced or added, such as those that are open in an editor.
// Names are paths as in io/fs. Later changes of the map have no effect.
func Overlay(below fs.FS, texts map[string]string) fs.FS {
	return &overlay{below, maps.Clone(texts)}
}

type overlay struct {
	below fs.FS
	texts map[string]string
}

// Open implements fs.FS. A folder contains the files of both file systems.
func (o *overlay) Open(name string) (fs.File, error) {
	if text, ok := o.texts[name]; ok {
		return &file{strings.NewReader(text), info{path.Base(name), int64(len(text)), 0o444}}, nil
	}
	if len(o.above(name)) == 0 {
		return o.below.Open(name)
	}
	list, err := o.ReadDir(name)
	if err != nil {
		return nil, err
	}
	return &folder{info: info{path.Base(name), 0, fs.ModeDir | 0o555}, list: list}, nil
}

// ReadDir implements fs.ReadDirFS.
func (o *overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	out := o.above(name)
	below, err := fs.ReadDir(o.below, name)
	if err != nil && (len(out) == 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	for _, d := range below {
		if !slices.ContainsFunc(out, func(a fs.DirEntry) bool { return a.Name() == d.Name() }) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return out, nil
}

// above returns the files of the overlay that are directly in a folder, and the folders in it that their names make.
func (o *overlay) above(name string) (out []fs.DirEntry) {
	found := map[string]bool{}
	for p, text := range o.texts {
		in, ok := p, name == "."
		if !ok {
			in, ok = strings.CutPrefix(p, name+"/")
		}
		base, _, deeper := strings.Cut(in, "/")
		if !ok || found[base] {
			continue
		}
		found[base] = true
		i := info{base, int64(len(text)), 0o444}
		if deeper {
			i = info{base, 0, fs.ModeDir | 0o555}
		}
		out = append(out, fs.FileInfoToDirEntry(i))
	}
	return out
}

// info describes a file or a folder of an overlay.
type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }

// file is an open file of an overlay.
type file struct {
	*strings.Reader
	info info
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

// folder is an open folder of an overlay.
type folder struct {
	info info
	list []fs.DirEntry
	next int
}

func (f *folder) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *folder) Close() error               { return nil }
func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.info.Name(), Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := f.list[f.next:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	f.next += len(rest)
	return slices.Clone(rest), nil
}
