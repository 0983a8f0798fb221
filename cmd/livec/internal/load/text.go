package load

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// maxSize bounds one file, in bytes: spans are 32-bit, and nobody has written as much by hand.
const maxSize = 64 << 20

// Text reads a source file. A byte order mark is dropped.
func Text(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", missing(path, err)
	case info.IsDir():
		return "", fail.Misuse("%s is a folder, not a file", path)
	case info.Size() > maxSize:
		return "", fail.Misuse("%s has %d bytes; a file has at most %d: split it into modules", path, info.Size(), maxSize)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", missing(path, err)
	}
	return Decode(path, data)
}

// Decode makes text of bytes; name is for messages.
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
	return "", fail.Misuse("%s:%d: this is not UTF-8; save the file as UTF-8", name, line)
}

// missing says why a path cannot be read.
func missing(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &notExist{fail.Misuse("there is no file or folder %s; check the path", path)}
	case errors.Is(err, fs.ErrPermission):
		return fail.Misuse("%s cannot be read; give this user the permission to", path)
	}
	var e *fs.PathError
	if errors.As(err, &e) {
		err = e.Err
	}
	return fail.Misuse("%s cannot be read: %w", path, err)
}

// notExist keeps what the message says known to errors.Is.
type notExist struct{ error }

func (e *notExist) Unwrap() []error { return []error{e.error, fs.ErrNotExist} }
