package wire

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.OneOf(rapid.ByteRange('a', 'z'), rapid.Byte(), rapid.SampledFrom([]byte{0x1f, 0x20, '!', '"', '#', '[', '\\', ']', 0x7f, 0x80})), 0, 40).Draw(t, "text")
		n := Plain(b)
		for i, c := range b[:n] {
			if c < 0x20 || c >= 0x80 || c == '"' || c == '\\' {
				t.Fatalf("%q has %q at %d, and Plain gives %d", b, c, i, n)
			}
		}
	})
	if n := Plain([]byte("abcdefgh ijklmno~ and more")); n != 24 {
		t.Errorf("plain text is plain for %d bytes", n)
	}
}
