// Package source has the files of an app, and positions in them.
package source

import (
	"sort"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// File is one .live file.
type File struct {
	Path   string // for messages
	Module string // rooms/lobby
	Text   string

	once  sync.Once
	lines []int32 // offset of the start of each line
}

// Span is a range of bytes in a file: from Start (inclusive) to End (exclusive).
type Span struct{ Start, End int32 }

// Position is a line and a column, both from 1. The column counts code points.
type Position struct{ Line, Column int }

// Position returns the position of an offset. Offsets outside of the text are moved to its nearest end.
func (f *File) Position(offset int32) Position {
	line, start, offset := f.line(offset)
	return Position{Line: line + 1, Column: utf8.RuneCountInString(f.Text[start:offset]) + 1}
}

// UTF16 returns the position of an offset as editors count it: line and column from 0, the column in UTF-16 code units
// (LSP 3.17, Position).
func (f *File) UTF16(offset int32) Position {
	line, start, offset := f.line(offset)
	return Position{Line: line, Column: len(utf16.Encode([]rune(f.Text[start:offset])))}
}

// OffsetUTF16 returns the offset of a place as editors count it. A place outside the text gives the nearest offset in it. A place between
// the two units of a character gives the start of that character.
func (f *File) OffsetUTF16(p Position) int32 {
	f.index()
	if p.Line < 0 {
		return 0
	}
	if p.Line >= len(f.lines) {
		return int32(len(f.Text))
	}
	at := int(f.lines[p.Line])
	for units := 0; at < len(f.Text) && f.Text[at] != '\n'; {
		r, size := utf8.DecodeRuneInString(f.Text[at:])
		if units += utf16.RuneLen(r); units > p.Column {
			break
		}
		at += size
	}
	return int32(at)
}

// line returns the index and the start of the line that contains an offset, and the offset moved into the text.
func (f *File) line(offset int32) (index int, start, at int32) {
	f.index()
	at = min(max(offset, 0), int32(len(f.Text)))
	index = sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > at }) - 1
	return index, f.lines[index], at
}

// index finds the lines of the file.
func (f *File) index() {
	f.once.Do(func() {
		f.lines = []int32{0}
		for i := range len(f.Text) {
			if f.Text[i] == '\n' {
				f.lines = append(f.lines, int32(i+1))
			}
		}
	})
}
