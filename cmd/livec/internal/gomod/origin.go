package gomod

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

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
		return Origin{developVersion, abs, abs}, nil
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
		}
		return o, nil
	}
	if !here {
		return Origin{}, fail.Failed("livec cannot find its runtime: install a release with `go install %s/cmd/livec@latest`, "+
			"or set %s to a checkout of livec", Runtime, checkoutEnv)
	}
	return Origin{developVersion, dir, dir}, nil
}

// isRuntime reports whether a folder holds the module of the runtime.
func isRuntime(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && modfile.ModulePath(data) == Runtime
}
