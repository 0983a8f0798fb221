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
