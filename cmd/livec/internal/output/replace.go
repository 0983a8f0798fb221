package output

import (
	"os"
	"path/filepath"
)

// Replace gives a file that exists new content at once: it is the old or the new one at any instant. Links are followed and permissions kept.
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
