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
	App     string   `json:"app,omitempty"`    // its name; missing in manifests of an older livec
	Source  string   `json:"source,omitempty"` // its path from the output folder, with slashes
	Files   []string `json:"files"`
}

// App is the app whose files a folder holds.
type App struct {
	Name string
	Path string // of its file or folder
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
	app  App
	made map[string]bool // files of the previous build; nil if there was none
}

// Write makes dir hold exactly these files of an app, next to files that livec did not make. It refuses a folder that is not empty and has
// no manifest, and one that has the files of another app.
func Write(dir string, app App, files []emit.File) (Result, error) {
	if err := check(files); err != nil {
		return Result{}, err
	}
	f, err := open(dir, app)
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

func open(dir string, app App) (*folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, cannot(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, cannot(dir, err)
	}
	f := &folder{name: dir, root: root, app: app}
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
		for _, e := range entries {
			if e.Name() != Manifest+tempSuffix { // of a first build that was killed
				return fail.Failed("the folder %s contains files that livec did not make, such as %s; choose another folder with -o", f.name,
					e.Name())
			}
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
	if m.App != "" && f.isOther(m) {
		return fail.Failed("the folder %s has the files of the app %s, made of %s; choose another folder for %s with -o, or delete %s to "+
			"replace that app", f.name, m.App, f.path(m.Source), f.app.Name, f.name)
	}
	f.made = map[string]bool{}
	for _, p := range m.Files {
		f.made[p] = true
	}
	return nil
}

// isOther reports whether the previous build was one of another app: its source still exists and is not that of this build. A file and the
// folder around it may be the same app, if the names are the same.
func (f *folder) isOther(m manifest) bool {
	source := filepath.FromSlash(m.Source)
	if !filepath.IsAbs(source) {
		source = filepath.Join(f.name, source)
	}
	before, err := os.Stat(source)
	if err != nil || m.Source == "" {
		return false // it was moved
	}
	if now, err := os.Stat(f.app.Path); err == nil && os.SameFile(before, now) {
		return false // it was renamed
	}
	return m.App != f.app.Name || !within(source, f.app.Path) && !within(f.app.Path, source)
}

// within reports whether a path is in a folder.
func within(name, folder string) bool {
	from, err1 := filepath.Abs(folder)
	to, err2 := filepath.Abs(name)
	rel, err3 := filepath.Rel(from, to)
	return err1 == nil && err2 == nil && err3 == nil && filepath.IsLocal(rel)
}

// source is the path of the app from the folder.
func (f *folder) source() string {
	from, err1 := filepath.Abs(f.name)
	to, err2 := filepath.Abs(f.app.Path)
	if err1 != nil || err2 != nil {
		return ""
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		rel = to // on another volume
	}
	return filepath.ToSlash(rel)
}

// write writes new files next to their places, and moves them there when all are on disk. Before the first one, it lists them in the
// manifest: if the build is killed, files are old, new or missing, but the next one recognizes all of them as livec's.
func (f *folder) write(files []emit.File) (r Result, err error) {
	wanted := map[string]bool{}
	var changed []emit.File
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
		changed = append(changed, file)
	}
	f.clean()
	if len(changed) > 0 {
		if err := f.writeManifest(wanted, f.made); err != nil {
			return r, err
		}
	}
	if err := f.stageAll(changed); err != nil {
		return r, err
	}
	for _, file := range changed {
		if err := f.root.Rename(file.Path+tempSuffix, file.Path); err != nil {
			return r, cannot(f.path(file.Path), err)
		}
		r.Written++
	}
	for p := range f.made {
		if wanted[p] {
			continue
		}
		if err := f.remove(p); err != nil {
			return r, err
		}
		r.Deleted++
	}
	return r, f.writeManifest(wanted)
}

// clean deletes what a build that was killed has left.
func (f *folder) clean() {
	for p := range f.made {
		if _, err := f.root.Lstat(p + tempSuffix); err == nil {
			_ = f.remove(p + tempSuffix) // a build that writes this file will say why it cannot
		}
	}
}

// stageAll writes files next to their places. If that fails, the folder is as it was.
func (f *folder) stageAll(files []emit.File) error {
	for i, file := range files {
		err := f.stage(file)
		if err == nil {
			continue
		}
		for _, staged := range files[:i+1] {
			_ = f.remove(staged.Path + tempSuffix) // the error to tell is the first one
		}
		if f.made == nil {
			_ = f.root.Remove(Manifest) // as above
		} else {
			_ = f.writeManifest(f.made) // as above; otherwise it lists files that do not exist, which does no harm
		}
		return err
	}
	return nil
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
	m := manifest{Comment: manifestComment, Version: manifestVersion, App: f.app.Name, Source: f.source(), Files: []string{}}
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
