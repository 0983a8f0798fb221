package load

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"slices"
	"testing/fstest"
)

// Overlay returns a file system in which some files are replaced or added, such as those that are open in an editor.
// Names are paths as in io/fs. Later changes of the map have no effect.
func Overlay(below fs.FS, texts map[string]string) fs.FS {
	above := fstest.MapFS{}
	for name, text := range texts {
		above[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o444}
	}
	return &overlay{below, above}
}

type overlay struct {
	below fs.FS
	above fstest.MapFS // provides the folders of its files
}

// Open implements fs.FS. A folder contains the files of both file systems.
func (o *overlay) Open(name string) (fs.File, error) {
	info, err := fs.Stat(o.above, name)
	if err != nil {
		return o.below.Open(name)
	}
	if !info.IsDir() {
		return o.above.Open(name)
	}
	list, err := o.ReadDir(name)
	if err != nil {
		return nil, err
	}
	return &folder{info: info, list: list}, nil
}

// ReadDir implements fs.ReadDirFS.
func (o *overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	above, missingAbove := fs.ReadDir(o.above, name)
	below, err := fs.ReadDir(o.below, name)
	if err != nil && (missingAbove != nil || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	out := above
	for _, d := range below {
		if !slices.ContainsFunc(above, func(a fs.DirEntry) bool { return a.Name() == d.Name() }) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return out, nil
}

// folder is an open folder of an overlay.
type folder struct {
	info fs.FileInfo
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
