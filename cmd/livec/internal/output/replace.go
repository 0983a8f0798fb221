package output

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace replaces the content of an existing file atomically. Links are followed, and permissions are kept.
func Replace(name string, data []byte) error {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return cannot(name, err)
	}
	info, err := os.Stat(target)
	if err != nil {
		return cannot(name, err)
	}
	temp := target + tempSuffix
	if err := os.WriteFile(temp, data, info.Mode().Perm()); err != nil {
		_ = os.Remove(temp)
		return cannot(name, err)
	}
	if err := os.Rename(temp, target); err != nil {
		_ = os.Remove(temp)
		return cannot(name, err)
	}
	return nil
}

// Put sets the content of a file atomically, and creates the file if it does not exist. A file that already has the content is not written.
func Put(name string, data []byte) error {
	old, err := os.ReadFile(name)
	switch {
	case err == nil && bytes.Equal(old, data):
		return nil
	case err == nil:
		return Replace(name, data)
	case !errors.Is(err, fs.ErrNotExist):
		return cannot(name, err)
	}
	temp := name + tempSuffix
	if err := os.WriteFile(temp, data, 0o666); err != nil { // the umask decides the permissions
		_ = os.Remove(temp)
		return cannot(name, err)
	}
	if err := os.Rename(temp, name); err != nil {
		_ = os.Remove(temp)
		return cannot(name, err)
	}
	return nil
}
