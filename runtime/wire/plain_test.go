package wire

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges := rapid.SampledFrom([]byte{0x1f, 0x20, '!', '"', '#', '[', '\\', ']', 0x7f, 0x80})
		b := rapid.SliceOfN(rapid.OneOf(rapid.ByteRange('a', 'z'), rapid.Byte(), edges), 0, 80).Draw(t, "text")
		want := 0
		for want < len(b) && b[want] >= 0x20 && b[want] < 0x80 && b[want] != '"' && b[want] != '\\' {
			want++
		}
		if got := valid(b); got != utf8.Valid(b) {
			t.Fatalf("%q is UTF-8: %t", b, got)
		}
		want = min(want, len(b)&^7) // the caller handles the rest
		if n := Plain(b); n != want {
			t.Fatalf("%q is plain for %d bytes, and Plain gives %d", b, want, n)
		}
	})
	if n := Plain([]byte("abcdefgh ijklmno~ and more")); n != 24 {
		t.Errorf("plain text is plain for %d bytes", n)
	}
}
