package load

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/livec-lang/livec/lang/source"
)

func files(texts ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(texts); i += 2 {
		out[texts[i]] = &fstest.MapFile{Data: []byte(texts[i+1])}
	}
	return out
}

// TestOverlay reads an app with some files open in an editor.
func TestOverlay(t *testing.T) {
	disk := files("app.live", "use rooms/lobby { L }\n", "rooms/lobby.live", "old", "gen/.livec.json", "{}", "gen/x.live", "generated",
		".git/x.live", "hidden", ".#app.live", "an editor's lock", "rooms/._lobby.live", "of another system",
		"node_modules/x.live", "of others", "readme.md", "")
	over := Overlay(disk, map[string]string{"rooms/lobby.live": "use new/deep { D }\n", "new/deep.live": "", "gen/y.live": "",
		"unsaved.live": ""})
	if err := fstest.TestFS(over, "app.live", "rooms/lobby.live", "new/deep.live", "unsaved.live", "gen/x.live"); err != nil {
		t.Error(err)
	}
	f := Folder{FS: over, Path: "chat"}
	all, err := f.All()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"app: use rooms/lobby { L }", "new/deep:", "rooms/lobby: use new/deep { D }", "unsaved:"}
	if d := cmp.Diff(want, shown(all)); d != "" {
		t.Errorf("the folder (-want +got):\n%s", d)
	}
	if all[0].Path != "chat/app.live" {
		t.Errorf("a file is shown as %s", all[0].Path)
	}
	some, err := f.With("app.live")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want[:3], shown(some)); d != "" {
		t.Errorf("the file with what it uses (-want +got):\n%s", d)
	}
	if text, err := (Folder{FS: disk, Path: "chat"}).Text("rooms/lobby.live"); err != nil || text != "old" {
		t.Errorf("the file below has become %q, %v", text, err)
	}
}

func shown(list []*source.File) []string {
	var out []string
	for _, f := range list {
		out = append(out, strings.TrimSpace(f.Module+": "+f.Text))
	}
	return out
}

// TestLinks follows links to files and folders, also to those around them, which is no endless search.
func TestLinks(t *testing.T) {
	base := t.TempDir()
	write := func(name string) {
		t.Helper()
		name = filepath.Join(base, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(base, filepath.FromSlash(name))); err != nil {
			t.Skip(err)
		}
	}
	write("app/main.live")
	write("app/deep/down/a.live")
	write("shared/b.live")
	write("made/c.live")
	write("made/" + Manifest)
	link("../shared", "app/shared")
	link("../shared/b.live", "app/b.live")
	link("..", "app/deep/up")
	link("../../app", "app/deep/down/again")
	link("../made", "app/made")
	link("somebody@host.123", "app/.#main.live")
	link("nowhere", "app/dangling")
	link("app", "link")
	link("app", ".hidden") // named on purpose
	want := []string{"b.live", "deep/down/a.live", "main.live", "shared/b.live"}
	for _, root := range []string{"app", "link", ".hidden"} {
		names, err := Folder{FS: os.DirFS(filepath.Join(base, root)), Path: root}.Find()
		if d := cmp.Diff(want, names); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", root, err, d)
		}
	}
	link("nowhere.live", "app/gone.live")
	if _, err := (Folder{FS: os.DirFS(filepath.Join(base, "app")), Path: "app"}).Find(); err == nil ||
		!strings.Contains(err.Error(), "app/gone.live does not exist") {
		t.Errorf("a link to nothing: %v", err)
	}
}

// TestManyFolders gives up where links make too many folders of few.
func TestManyFolders(t *testing.T) {
	base := t.TempDir()
	for i := range 20 { // each has two links to the next
		dir := filepath.Join(base, strconv.Itoa(i))
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a", "b"} {
			if err := os.Symlink(filepath.Join(base, strconv.Itoa(i+1)), filepath.Join(dir, name)); err != nil {
				t.Skip(err)
			}
		}
	}
	_, err := Folder{FS: os.DirFS(filepath.Join(base, "0")), Path: "app"}.Find()
	if err == nil || !strings.Contains(err.Error(), "more than 10000 folders") {
		t.Errorf("got %v", err)
	}
}

// TestSpecialFiles tells of files that cannot be read as text, without opening them.
func TestSpecialFiles(t *testing.T) {
	for mode, want := range map[fs.FileMode]string{fs.ModeNamedPipe: "a named pipe", fs.ModeSocket: "a socket",
		fs.ModeDevice | fs.ModeCharDevice: "a device", fs.ModeIrregular: "of another kind"} {
		disk := fstest.MapFS{"app.live": &fstest.MapFile{Mode: mode | 0o600}}
		_, err := Folder{FS: disk, Path: "."}.All()
		if err == nil || !strings.Contains(err.Error(), "app.live is not a regular file but "+want) {
			t.Errorf("got %v", err)
		}
	}
}

// TestErrors expects errors to say what is wrong with a file, and what to do.
func TestErrors(t *testing.T) {
	tests := []struct {
		files fstest.MapFS
		want  string
	}{
		{files("app.live", "use my { A }\n", "my.live/x.live", ""), "my.live is a folder, not a file"},
		{files("app.live", "a\n\xff"), "app.live:2: this is not UTF-8; save the file as UTF-8"},
		{files("other.live", ""), "the file or folder app.live does not exist; check the path"},
	}
	for _, test := range tests {
		if _, err := (Folder{FS: test.files, Path: "."}).With("app.live"); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	_, err := Folder{FS: files("my-app.live", ""), Path: "."}.All()
	if err == nil || !strings.Contains(err.Error(), `my-app.live cannot be a module: rename "my-app"`) {
		t.Errorf("got %v", err)
	}
	_, err = Folder{FS: files("readme.md", ""), Path: "empty"}.All()
	if err == nil || !strings.Contains(err.Error(), "the folder empty has no .live files") {
		t.Errorf("got %v", err)
	}
	var _ fs.FS = files()
	if names, err := (Folder{FS: files("b.live", "", "a/c.live", "", ".live", ""), Path: "."}).Find(); err != nil ||
		!slices.Equal(names, []string{"a/c.live", "b.live"}) {
		t.Errorf("found %v, %v", names, err)
	}
}
