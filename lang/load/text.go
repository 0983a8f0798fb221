package load

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// maxSize is the maximum size of a file in bytes. Spans are 32-bit, and no handwritten file is as large.
const maxSize = 64 << 20

// Text reads a source file, without a byte order mark.
func (f Folder) Text(name string) (string, error) {
	shown := f.Shown(name)
	info, err := fs.Stat(f.FS, name)
	switch {
	case err != nil:
		return "", Unreadable(shown, err)
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder, not a file", shown)
	case !info.Mode().IsRegular(): // opening a FIFO would wait until somebody writes to it
		return "", fmt.Errorf("%s is not a regular file but %s; remove it, or rename it", shown, special(info.Mode()))
	case info.Size() > maxSize:
		return "", fmt.Errorf("%s has %d bytes, but a file may have at most %d; split it into modules", shown, info.Size(), maxSize)
	}
	data, err := fs.ReadFile(f.FS, name)
	if err != nil {
		return "", Unreadable(shown, err)
	}
	return Decode(shown, data)
}

// special names the kind of a file that is no regular one.
func special(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "of another kind (" + mode.Type().String() + ")"
}

// Decode converts bytes to text. name is for messages.
func Decode(name string, data []byte) (string, error) {
	text := strings.TrimPrefix(string(data), "\uFEFF")
	if utf8.ValidString(text) {
		return text, nil
	}
	line := 1
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		i += n
	}
	return "", fmt.Errorf("%s:%d: this is not UTF-8; save the file as UTF-8", name, line)
}

// Unreadable explains why a path cannot be read.
func Unreadable(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &missing{path}
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be read; give this user permission to read it", path)
	}
	var e *fs.PathError
	if errors.As(err, &e) {
		err = e.Err
	}
	return fmt.Errorf("%s cannot be read: %w", path, err)
}

// missing is the error for a path that does not exist.
type missing struct{ path string }

func (e *missing) Error() string {
	return fmt.Sprintf("the file or folder %s does not exist; check the path", e.path)
}

func (e *missing) Is(target error) bool { return target == fs.ErrNotExist }
