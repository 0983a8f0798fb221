package outbound

import (
	"bytes"
	"testing"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"
)

// TestFrames follows random frames, in pieces of any size.
func TestFrames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sent bytes.Buffer
		data, whole, within := 0, 0, false
		for range rapid.IntRange(0, 8).Draw(t, "frames") {
			control := rapid.Bool().Draw(t, "control")
			size := rapid.SampledFrom([]int{0, 1, 125, 126, 127, 65535, 65536, 70000}).Draw(t, "size")
			opcode, final := byte(websocket.PingMessage), true
			if control {
				size = min(size, 125)
			} else {
				if opcode = websocket.BinaryMessage; within {
					opcode = 0
				}
				final = rapid.Bool().Draw(t, "final")
				data += size
				if within = !final; final {
					whole++
				}
			}
			if final {
				opcode |= 0x80
			}
			sent.WriteByte(opcode)
			switch {
			case size < 126:
				sent.WriteByte(0x80 | byte(size))
			case size < 1<<16:
				sent.Write([]byte{0x80 | 126, byte(size >> 8), byte(size)})
			default:
				sent.Write([]byte{0x80 | 127, 0, 0, 0, 0, 0, byte(size >> 16), byte(size >> 8), byte(size)})
			}
			sent.Write(make([]byte, 4+size))
		}
		var f frames
		gotData, gotWhole := 0, 0
		piece := rapid.IntRange(1, 40_000)
		for sent.Len() > 0 {
			d, w := f.read(sent.Next(piece.Draw(t, "piece")))
			gotData, gotWhole = gotData+d, gotWhole+w
		}
		if gotData != data || gotWhole != whole || f.unfinished() != within {
			t.Errorf("%d bytes of %d, %d messages of %d, unfinished %v", gotData, data, gotWhole, whole, f.unfinished())
		}
	})
}
