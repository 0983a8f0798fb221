package load

import (
	"io/fs"
	"slices"
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
		".git/x.live", "hidden",
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
