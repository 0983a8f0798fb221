package site

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
)

// maxTagged limits what is read to tag a file, in bytes. Browsers ask for larger files, such as videos, by their time.
const maxTagged = 16 << 20

// tag is the ETag of a file as it was.
type tag struct {
	info fs.FileInfo
	text string
}

// tag returns the ETag of a file, or "" if it has none. It follows from the content: reproducible builds give all files the same time. It
// is weak (RFC 9110, section 8.8.1), because the compressed form has it too.
func (s *Site) tag(name string, f *os.File, info fs.FileInfo) string {
	if info.Size() > maxTagged {
		return ""
	}
	s.mu.Lock()
	known, ok := s.tags[name]
	s.mu.Unlock()
	if ok && os.SameFile(known.info, info) && known.info.ModTime().Equal(info.ModTime()) && known.info.Size() == info.Size() {
		return known.text
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(f, 0, info.Size())); err != nil {
		return ""
	}
	made := tag{info, `W/"` + hex.EncodeToString(hash.Sum(nil)[:12]) + `"`}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ok && len(s.tags) >= maxTags {
		clear(s.tags) // of builds that are gone
	}
	s.tags[name] = made
	return made.text
}

// maxTags limits how many tags are kept. A web app has fewer files.
const maxTags = 10_000

var (
	// viteHash finds the hash in a name of vite: 8 characters of base64url after -, as in index-DiwrgTda.js, or hexadecimal ones after a
	// dot, as in index.06d14ce2.js.
	viteHash = regexp.MustCompile(`(?:-([A-Za-z0-9_-]{8})|\.([0-9a-f]{8,}))\.[a-z0-9]+(?:\.map)?$`)

	// word matches what people write at the end of a name, and a hash almost never is: words, also with a number, dates and sizes.
	word = regexp.MustCompile(`^(?:[A-Za-z]?[a-z]+(?:[A-Z][a-z]{3,})?[0-9]*|[A-Z]+[0-9]*|[a-z_-]+|[0-9x_-]+)$`)
)

// immutable reports whether the content of a file can never change, since its name has a hash of it. What it wrongly takes for a hash,
// browsers would keep for a year; what it misses, they ask for again. So it is strict.
func immutable(name string) bool {
	if strings.HasPrefix(name, "_app/immutable/") { // SvelteKit
		return true
	}
	if path.Base(path.Dir(name)) != "assets" { // vite
		return false
	}
	m := viteHash.FindStringSubmatch(path.Base(name))
	return m != nil && !word.MatchString(m[1]+m[2])
}
