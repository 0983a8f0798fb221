package output

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/emit"
)

// tree gives the files in a folder, without the manifest.
func tree(t interface{ Fatal(...any) }, dir string) map[string]string {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == Manifest {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func list(files map[string]string) []emit.File {
	var out []emit.File
	for _, path := range slices.Sorted(maps.Keys(files)) {
		out = append(out, emit.File{Path: path, Data: []byte(files[path])})
	}
	return out
}

// TestBuilds runs builds one after the other, some of them interrupted by a file that is in the way, and compares the folder with the files
// that it should contain.
func TestBuilds(t *testing.T) {
	base := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(base, "")
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, "gen")
		paths := rapid.SampledFrom([]string{"a.go", "b.go", "sub/a.go", "sub/deep/a.go", "sub/deep/b.go", "other/x.ts"})
		content := rapid.SampledFrom([]string{"", "one", "two"})
		own, foreign := map[string]string{}, map[string]string{}
		if _, err := Write(out, App{}, nil); err != nil { // so that the folder has a manifest
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(t, "builds") {
			if rapid.Bool().Draw(t, "the user writes a file") {
				path := paths.Draw(t, "path")
				if _, made := own[path]; !made {
					foreign[path] = content.Draw(t, "content")
					if err := os.MkdirAll(filepath.Dir(filepath.Join(out, path)), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(out, path), []byte(foreign[path]), 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
			next := rapid.MapOf(paths, content).Draw(t, "files")
			refused := false
			for path, text := range foreign {
				generated, both := next[path]
				refused = refused || both && generated != text
			}
			r, err := Write(out, App{}, list(next))
			if (err != nil) != refused {
				t.Fatalf("refused: %v, error: %v", refused, err)
			}
			if !refused {
				if r.Written+r.Kept != len(next) {
					t.Fatalf("%+v for %d files", r, len(next))
				}
				own = next
				for path := range next {
					delete(foreign, path) // its content is the same, so it is livec's from now on
				}
				again, err := Write(out, App{}, list(next))
				if err != nil || again != (Result{Kept: len(next)}) {
					t.Fatalf("the same build again: %+v, %v", again, err)
				}
			}
			want := maps.Clone(foreign)
			maps.Copy(want, own)
			if got := tree(t, out); !maps.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	})
}

func TestRefuses(t *testing.T) {
	for _, path := range []string{"", ".", "/a", "../a", "a/../b", `a\b`, Manifest} {
		if _, err := Write(filepath.Join(t.TempDir(), "gen"), App{}, []emit.File{{Path: path}}); err == nil {
			t.Errorf("%q was accepted", path)
		}
	}
	if _, err := Write(filepath.Join(t.TempDir(), "gen"), App{}, []emit.File{{Path: "a/x"}, {Path: "A/X"}}); err == nil {
		t.Error("paths that some file systems take for one were accepted")
	}
}

// TestNothingHalfWritten makes the last file fail: the first one is unchanged.
func TestNothingHalfWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gen")
	if _, err := Write(dir, App{}, list(map[string]string{"a.go": "old", "z.go": "old"})); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "z2.go", "full"), 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := Write(dir, App{}, list(map[string]string{"a.go": "new", "z2.go": "new"}))
	if err == nil || !strings.Contains(err.Error(), "z2.go") {
		t.Errorf("got %v", err)
	}
	if got := tree(t, dir); !maps.Equal(got, map[string]string{"a.go": "old", "z.go": "old"}) {
		t.Errorf("got %v", got)
	}
}

// TestStaysInside replaces a generated folder by a link to another one: nothing is written there.
func TestStaysInside(t *testing.T) {
	base := t.TempDir()
	elsewhere := filepath.Join(base, "elsewhere")
	if err := os.Mkdir(elsewhere, 0o777); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "gen")
	if _, err := Write(dir, App{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(dir, "app")); err != nil {
		t.Skip(err)
	}
	if _, err := Write(dir, App{}, []emit.File{{Path: "app/a.go"}}); err == nil {
		t.Error("a link out of the folder was followed")
	}
	if got := tree(t, elsewhere); len(got) > 0 {
		t.Errorf("wrote %v", got)
	}
}

// TestKilled starts a first build, a later one and one after a full disk where an earlier one was killed after each step.
func TestKilled(t *testing.T) {
	base := t.TempDir()
	app := App{Name: "chat", Path: filepath.Join(base, "chat.live")}
	files := map[string]string{"a.go": "a", "sub/b.go": "b"}
	manifest := `{ "version": 1, "app": "chat", "files": ["a.go", "sub/b.go", "sub/deep/old.go"] }`
	for i, left := range []map[string]string{
		{},
		{Manifest + tempSuffix: manifest[:20]},
		{Manifest: manifest},
		{Manifest: manifest, "a.go" + tempSuffix: "a"},
		{Manifest: manifest, "a.go": "a", "sub/b.go" + tempSuffix: "", "sub/deep/old.go" + tempSuffix: "old"},
		{Manifest: manifest, Manifest + tempSuffix: manifest, "a.go": "a", "sub/b.go": "b", "sub/deep/old.go": "old"},
	} {
		dir := filepath.Join(base, strconv.Itoa(i))
		for name, text := range left {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Write(dir, app, list(files)); err != nil {
			t.Fatalf("after %v: %v", left, err)
		}
		if got := tree(t, dir); !maps.Equal(got, files) {
			t.Errorf("after %v: %v", left, got)
		}
		if _, err := os.Stat(filepath.Join(dir, "sub", "deep")); err == nil {
			t.Errorf("after %v: an empty folder stays", left)
		}
	}
}

// TestFailsAtFirst makes a first build fail: the folder is as it was, so the next one goes on.
func TestFailsAtFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gen")
	if _, err := Write(dir, App{}, list(map[string]string{"a.go": "a", "sub/b.go": "b", "sub/b.go.livec-tmp/c.go": "c"})); err == nil {
		t.Fatal("nothing was in the way")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("%v stays, %v", entries, err)
	}
	if _, err := Write(dir, App{}, list(map[string]string{"a.go": "a"})); err != nil {
		t.Error(err)
	}
}

// TestOtherApp builds apps into the folder of another one: that is refused, unless it is the same app under another name or path.
func TestOtherApp(t *testing.T) {
	base := t.TempDir()
	chat, todo := filepath.Join(base, "chat.live"), filepath.Join(base, "todo.live")
	for _, name := range []string{chat, todo} {
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(base, "gen")
	build := func(name, path string) error {
		_, err := Write(dir, App{Name: name, Path: path}, list(map[string]string{name + ".ts": ""}))
		return err
	}
	for _, step := range []struct {
		name, path string
		refused    bool
	}{{"chat", chat, false}, {"todo", todo, true}, {"Chat", chat, false}, {"Chat", base, false}, {"todo", todo, true}, {"Chat", todo, false},
		{"Chat", chat, true}} {
		if err := build(step.name, step.path); (err != nil) != step.refused {
			t.Errorf("%v: %v", step, err)
		} else if step.refused && !strings.Contains(err.Error(), "the files of the app") {
			t.Error(err)
		}
	}
	if got := tree(t, dir); !maps.Equal(got, map[string]string{"Chat.ts": ""}) {
		t.Errorf("got %v", got)
	}
	if err := os.Rename(todo, filepath.Join(base, "talk.live")); err != nil {
		t.Fatal(err)
	}
	if err := build("talk", filepath.Join(base, "talk.live")); err != nil {
		t.Errorf("after a move: %v", err)
	}
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "a"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	if err := Replace(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(file)
	data, _ := os.ReadFile(file)
	if err != nil || string(data) != "new" || info.Mode().Perm() != 0o640 {
		t.Errorf("%q, %v, %v", data, info.Mode(), err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}
