package source

import "testing"

func TestPosition(t *testing.T) {
	f := &File{Text: "a\nbö😀c\n"}
	for _, c := range []struct {
		offset int32
		want   Position
		utf16  Position
	}{
		{-1, Position{1, 1}, Position{0, 0}},
		{0, Position{1, 1}, Position{0, 0}},
		{2, Position{2, 1}, Position{1, 0}},
		{5, Position{2, 3}, Position{1, 2}},
		{9, Position{2, 4}, Position{1, 4}},
		{99, Position{3, 1}, Position{2, 0}},
	} {
		if got := f.Position(c.offset); got != c.want {
			t.Errorf("Position(%d) = %v, want %v", c.offset, got, c.want)
		}
		if got := f.UTF16(c.offset); got != c.utf16 {
			t.Errorf("UTF16(%d) = %v, want %v", c.offset, got, c.utf16)
		}
	}
}

// TestOffsetUTF16 asks for places in the text, between the units of a character, and outside the text.
func TestOffsetUTF16(t *testing.T) {
	f := &File{Text: "a\nbö😀c\nd"}
	for p, want := range map[Position]int32{
		{0, 0}: 0, {0, 1}: 1, {0, 9}: 1, {1, 0}: 2, {1, 1}: 3, {1, 2}: 5, {1, 3}: 5, {1, 4}: 9, {1, 5}: 10, {1, 6}: 10, {2, 1}: 12,
		{3, 0}: 12, {-1, 3}: 0, {1, -1}: 2,
	} {
		if got := f.OffsetUTF16(p); got != want {
			t.Errorf("OffsetUTF16(%v) = %d, want %d", p, got, want)
		}
	}
	for offset := range int32(len(f.Text)) {
		if offset == 4 || 5 < offset && offset < 9 { // inside a character
			continue
		}
		if got := f.OffsetUTF16(f.UTF16(offset)); got != offset {
			t.Errorf("the offset %d becomes %d", offset, got)
		}
	}
}
