package gomod

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// checkout can be set by the linker (-X …gomod.checkout=/path), for builds with -trimpath, which do not contain the path of the source.
var checkout string

// checkoutEnv is the environment variable with the path of a checkout of livec, for a livec that does not know it.
const checkoutEnv = "LIVEC_CHECKOUT"

// developVersion is required together with a replacement. No release has it, so it cannot be mistaken for one.
const developVersion = "v0.0.0"

// Origin is where this livec, and so the runtime of the same version, comes from.
type Origin struct {
	Version string // the version to require
	Dir     string // the folder to replace it by, absolute; empty for a release
	files   string // folder with the go.mod and go.sum of the runtime; empty if they are not available

	sums []string // lines of go.sum for the runtime itself; none if it is replaced by a folder
}

// Find returns where this livec comes from.
func Find() (Origin, error) {
	for _, dir := range []string{os.Getenv(checkoutEnv), checkout} {
		if dir == "" {
			continue
		}
		abs, err := filepath.Abs(dir)
		if err != nil || !isRuntime(abs) {
			return Origin{}, fail.Misuse("%s is not a checkout of livec; set %s to a folder that is", dir, checkoutEnv)
		}
		return Origin{Version: developVersion, Dir: abs, files: abs}, nil
	}
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Dir(file)
	for range 4 { // cmd/livec/internal/gomod
		dir = filepath.Dir(dir)
	}
	here := filepath.IsAbs(dir) && isRuntime(dir)
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path == Runtime && info.Main.Sum != "" && semver.IsValid(info.Main.Version) {
		// Only a module that was downloaded has a sum, as by go install …@version.
		o := Origin{Version: info.Main.Version}
		if here {
			o.files = dir
			o.sums = sumsOf(info.Main, dir)
		}
		return o, nil
	}
	if !here {
		return Origin{}, fail.Failed("livec cannot find its runtime: install a release with `go install %s/cmd/livec@latest`, "+
			"or set %s to a checkout of livec", Runtime, checkoutEnv)
	}
	return Origin{Version: developVersion, Dir: dir, files: dir}, nil
}

// isRuntime reports whether a folder holds the module of the runtime.
func isRuntime(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && modfile.ModulePath(data) == Runtime
}

// sumsOf returns the lines of go.sum for a module that was downloaded into a folder: of its files, and of its go.mod.
func sumsOf(m debug.Module, dir string) []string {
	lines := []string{m.Path + " " + m.Version + " " + m.Sum}
	sum, err := dirhash.Hash1([]string{modName}, func(string) (io.ReadCloser, error) { return os.Open(filepath.Join(dir, modName)) })
	if err == nil { // else the go command finds it out
		lines = append(lines, m.Path+" "+m.Version+"/"+modName+" "+sum)
	}
	return lines
}
