package abuse

import (
	"context"
	_ "embed" // the app
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	emitgo "github.com/livec-lang/livec/emit/go"
	"github.com/livec-lang/livec/lang/source"
)

// module is the import path of this module. Generated code is compiled as a part of it.
const module = "github.com/livec-lang/livec"

//go:embed testdata/abuse.live
var appText string

// Build compiles the app of this package into a folder, from the checkout that the working directory is in, and returns the path of its
// server.
func Build(ctx context.Context, dir string) (string, error) {
	file := &source.File{Path: "abuse.live", Module: "abuse", Text: appText}
	app, list := compiler.Compile("abuse", []*source.File{file})
	if app == nil {
		return "", fmt.Errorf("the app has errors, the first is %s: %s", list[0].Code, list[0].Message)
	}
	files, err := emitgo.Emit(app, module+"/generated/abuse")
	if err != nil {
		return "", err
	}
	root, err := checkout()
	if err != nil {
		return "", err
	}
	overlay, err := overlay(root, dir, files)
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "server")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, "-overlay", overlay, module+"/generated/abuse/server")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the server does not compile: %w\n%s", err, out)
	}
	return program, nil
}

// overlay writes generated files into a folder, and the file that makes the go command see them in the module at root.
func overlay(root, dir string, files []emit.File) (string, error) {
	replace := map[string]string{}
	for _, f := range files {
		to := filepath.Join(dir, "generated", filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, f.Data, 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, "generated", "abuse", filepath.FromSlash(f.Path))] = to
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, text, 0o600)
}

// checkout is the folder of this module, around the working directory.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", fmt.Errorf("there is no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}
