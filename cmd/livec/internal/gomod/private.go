package gomod

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// privatePath is the module of apps that are run without one of their own.
const privatePath = "live.app"

// CacheDir is the folder in the user's cache where livec keeps the data that belongs to a path.
func CacheDir(path string) (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fail.Failed("this user has no cache folder: %w; set XDG_CACHE_HOME or HOME", err)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fail.Failed("the path of %s cannot be found: %w", path, err)
	}
	sum := sha256.Sum256([]byte(abs))
	dir := filepath.Join(base, "livec", hex.EncodeToString(sum[:10]))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fail.Failed("the folder %s cannot be created: %w; set XDG_CACHE_HOME to a folder that you can write to", dir, cause(err))
	}
	return dir, nil
}

// Private returns the module in dir. It belongs to livec, so it is rewritten as the runtime needs it.
func Private(dir string, o Origin) (*Module, error) {
	m := &Module{Dir: dir, Path: privatePath, private: true}
	name := filepath.Join(dir, modName)
	if o.files == "" {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			return m, replaceFile(name, []byte("module "+privatePath+"\n"))
		}
		return m, nil
	}
	e := &edit{dir: dir, mod: new(modfile.File)}
	if err := e.mod.AddModuleStmt(privatePath); err != nil {
		return nil, fail.Internal("creating the module %s: %w", privatePath, err)
	}
	if _, err := e.requireRuntime(o); err != nil {
		return nil, err
	}
	if err := e.requireAll(o); err != nil {
		return nil, err
	}
	return m, e.save()
}
