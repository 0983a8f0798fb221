// Package output writes what livec generates into a folder: everything or nothing, as far as a file system allows. It leaves files alone
// that stay the same, deletes files that are no longer generated, and never overwrites a file that livec did not make.
package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/lang/load"
)

// Manifest is the name of the file that lists what livec has generated in an output folder.
const Manifest = load.Manifest

const (
	manifestVersion = 1
	tempSuffix      = ".livec-tmp" // of files that are not complete yet
)

type manifest struct {
	Comment string   `json:"//"`
	Version int      `json:"version"`
	Files   []string `json:"files"`
}

const manifestComment = "Made by livec, which rewrites and deletes the files that are listed here."

// Result counts what Write did.
type Result struct {
	Written, Kept, Deleted int
}

// folder is an output folder that is being written.
type folder struct {
	name string // for messages
	root *os.Root
	made map[string]bool // files of the previous build
}

// Write makes dir hold exactly these files, next to files that livec did not make. It refuses a folder that is not empty and has no
// manifest.
func Write(dir string, files []emit.File) (Result, error) {
	if err := check(files); err != nil {
		return Result{}, err
	}
	f, err := open(dir)
	if err != nil {
		return Result{}, err
	}
	defer f.root.Close()
	return f.write(files)
}

// check looks for paths that no emitter may return.
func check(files []emit.File) error {
	seen := map[string]bool{}
	for _, f := range files {
		lower := strings.ToLower(f.Path) // some file systems ignore case
		switch {
		case !fs.ValidPath(f.Path) || f.Path == "." || strings.Contains(f.Path, `\`) || f.Path == Manifest:
			return fail.Internal("the generated path %q cannot be written", f.Path)
		case seen[lower]:
			return fail.Internal("two generated files have the path %q", f.Path)
		}
		seen[lower] = true
	}
	return nil
}

func open(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, cannot(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, cannot(dir, err)
	}
	f := &folder{name: dir, root: root, made: map[string]bool{}}
	if err := f.readManifest(); err != nil {
		root.Close()
		return nil, err
	}
	return f, nil
}

func (f *folder) readManifest() error {
	data, err := f.root.ReadFile(Manifest)
	if errors.Is(err, fs.ErrNotExist) {
		entries, err := fs.ReadDir(f.root.FS(), ".")
		if err != nil {
			return cannot(f.name, err)
		}
		if len(entries) > 0 {
			return fail.Failed("the folder %s contains files that livec did not make, such as %s; choose another folder with -o", f.name,
				entries[0].Name())
		}
		return nil
	}
	if err != nil {
		return cannot(filepath.Join(f.name, Manifest), err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil || m.Version != manifestVersion {
		return fail.Failed("%s cannot be read; delete the folder %s and build again", filepath.Join(f.name, Manifest), f.name)
	}
	for _, p := range m.Files {
		f.made[p] = true
	}
	return nil
}

// write writes new files next to their places, and moves them there when all are on disk.
func (f *folder) write(files []emit.File) (r Result, err error) {
	var staged []string
	defer func() {
		if err != nil {
			for _, p := range staged {
				_ = f.root.Remove(p + tempSuffix)
			}
		}
	}()
	wanted := map[string]bool{}
	for _, file := range files {
		wanted[file.Path] = true
		old, err := f.root.ReadFile(file.Path)
		switch {
		case err == nil && bytes.Equal(old, file.Data):
			r.Kept++
			continue
		case err == nil && !f.made[file.Path]:
			return r, fail.Failed("livec did not make %s, and would overwrite it; move it away or choose another folder with -o", f.path(file.Path))
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return r, cannot(f.path(file.Path), err)
		}
		if err := f.stage(file); err != nil {
			return r, err
		}
		staged = append(staged, file.Path)
	}
	var stale []string
	for p := range f.made {
		if !wanted[p] {
			stale = append(stale, p)
		}
	}
	// If the build is interrupted from here on, files are old, new or missing, but livec recognizes all of them as its own.
	if len(staged) > 0 {
		if err := f.writeManifest(wanted, f.made); err != nil {
			return r, err
		}
	}
	for _, p := range staged {
		if err := f.root.Rename(p+tempSuffix, p); err != nil {
			return r, cannot(f.path(p), err)
		}
		r.Written++
	}
	for _, p := range stale {
		if err := f.remove(p); err != nil {
			return r, err
		}
		r.Deleted++
	}
	return r, f.writeManifest(wanted, nil)
}

func (f *folder) stage(file emit.File) error {
	if dir := path.Dir(file.Path); dir != "." {
		if err := f.root.MkdirAll(dir, 0o777); err != nil {
			return cannot(f.path(dir), err)
		}
	}
	if err := f.root.WriteFile(file.Path+tempSuffix, file.Data, 0o666); err != nil {
		_ = f.root.Remove(file.Path + tempSuffix)
		return cannot(f.path(file.Path), err)
	}
	return nil
}

// remove deletes a file, and its folders if they become empty.
func (f *folder) remove(p string) error {
	if err := f.root.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannot(f.path(p), err)
	}
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if f.root.Remove(dir) != nil { // it is not empty
			return nil
		}
	}
	return nil
}

// writeManifest lists the files of one build or, during a build, of the old and the new one.
func (f *folder) writeManifest(sets ...map[string]bool) error {
	m := manifest{Comment: manifestComment, Version: manifestVersion, Files: []string{}}
	for _, set := range sets {
		for p := range set {
			m.Files = append(m.Files, p)
		}
	}
	slices.Sort(m.Files)
	m.Files = slices.Compact(m.Files)
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fail.Internal("writing the manifest: %w", err)
	}
	data = append(data, '\n')
	if old, err := f.root.ReadFile(Manifest); err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := f.stage(emit.File{Path: Manifest, Data: data}); err != nil {
		return err
	}
	if err := f.root.Rename(Manifest+tempSuffix, Manifest); err != nil {
		return cannot(f.path(Manifest), err)
	}
	return nil
}

func (f *folder) path(p string) string { return filepath.Join(f.name, filepath.FromSlash(p)) }

func cannot(name string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fail.Failed("%s cannot be written; give this user permission to write it, or choose another folder with -o", name)
	}
	var e *fs.PathError
	if errors.As(err, &e) {
		err = e.Err
	}
	return fmt.Errorf("%s cannot be written: %w", name, err)
}
