// Package private keeps files from other users of the machine.
package private

import "os"

// Tighten takes the rights to a file from all but its owner, and reports whether others had any. A file that does not exist is no error.
func Tighten(path string) (changed bool, err error) {
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return false, nil
	case err != nil:
		return false, err
	case info.Mode().Perm()&0o077 == 0:
		return false, nil
	}
	return true, os.Chmod(path, info.Mode().Perm()&^0o077)
}
