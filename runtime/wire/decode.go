package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Decode reads a text frame into m, message by message, and calls do for each, in order. If a message is malformed, do gets a *Malformed,
// and the rest follows; if a frame cannot be split into messages, such an error ends it. The next message overwrites m, but not what its
// slices point to.
func Decode(frame []byte, m *Message, do func(err error)) {
	if !valid(frame) {
		do(malformed(0, "The frame is not UTF-8"))
		return
	}
	i := space(frame, 0)
	if i == len(frame) {
		do(malformed(0, "The frame is empty"))
		return
	}
	if frame[i] != '[' {
		end, err := decodeMessage(frame, i, m, true)
		if err == nil && space(frame, end) != len(frame) {
			err = malformed(m.ID, "The frame has data after its message; send several messages as a JSON array")
		}
		do(err)
		return
	}
	i = space(frame, i+1)
	for n := 1; ; n++ {
		if n > MaxMessages {
			do(malformed(0, "The frame has more than %d messages", MaxMessages))
			return
		}
		end, err := decodeMessage(frame, i, m, true)
		do(err)
		if end < 0 {
			return
		}
		i = space(frame, end)
		if i == len(frame) {
			do(malformed(0, "The frame cannot be read: %v", errShort))
			return
		}
		if frame[i] == ']' {
			if space(frame, i+1) != len(frame) {
				do(malformed(0, "The frame has data after its array"))
			}
			return
		}
		if frame[i] != ',' {
			do(malformed(0, "The frame cannot be read: %v", errJSON))
			return
		}
		i = space(frame, i+1)
	}
}

// DecodeBinary reads a binary frame: 0x00, the length of the header as 16 bits big-endian, the header, the payload.
func DecodeBinary(frame []byte, m *Message) error {
	if len(frame) < 3 || frame[0] != 0 {
		return malformed(0, "A binary frame must start with a zero byte and the length of its header")
	}
	n := int(binary.BigEndian.Uint16(frame[1:]))
	if len(frame) < 3+n {
		return malformed(0, "The header of the binary frame is incomplete")
	}
	header := frame[3 : 3+n]
	if !utf8.Valid(header) {
		return malformed(0, "The header of the binary frame is not UTF-8")
	}
	end, err := decodeMessage(header, 0, m, true)
	if err != nil {
		return err
	}
	if end != len(header) {
		return malformed(m.ID, "The header of the binary frame has data after its message")
	}
	if m.Kind != Call {
		return malformed(m.ID, "Only a call can be a binary frame")
	}
	m.Payload = frame[3+n:]
	return nil
}

// decodeMessage reads the message at i into m and returns the offset after it, or -1 if its end cannot be found.
// batches says whether it may be a batch.
func decodeMessage(b []byte, i int, m *Message, batches bool) (int, error) {
	if end := decodeFast(b, i, m); end > 0 {
		m.Size = end - i
		return end, nil
	}
	*m = Message{}
	end, err := skip(b, i, 0)
	deep := err == ErrDeep
	if deep {
		end, err = skipDeep(b, i)
	}
	if err != nil {
		return -1, malformed(0, "The message cannot be read: %v", err)
	}
	raw := b[i:end]
	switch {
	case raw[0] != '{':
		err = malformed(0, "A message must be a JSON object")
	case deep:
		err = decodeDeep(raw, m, batches)
	case !json.Valid(raw):
		err = malformed(0, "A message must be a JSON object")
	default:
		err = decodeFull(raw, m, batches)
	}
	m.Size = len(raw)
	return end, err
}

// decodeFast reads a call or sub that is written canonically, and returns the offset after it, or 0 for another message.
func decodeFast(b []byte, i int, m *Message) int {
	rest := b[i:]
	*m = Message{}
	switch {
	case bytes.HasPrefix(rest, []byte(`{"t":"call","id":`)):
		m.Kind = Call
		i += len(`{"t":"call","id":`)
	case bytes.HasPrefix(rest, []byte(`{"t":"sub","id":`)):
		m.Kind = Sub
		i += len(`{"t":"sub","id":`)
	case bytes.HasPrefix(rest, []byte(`{"t":"pub","m":"`)):
		return decodePub(b, i+len(`{"t":"pub","m":"`), m)
	default:
		return 0
	}
	start := i
	for i < len(b) && b[i]-'0' <= 9 {
		m.ID = m.ID*10 + uint64(b[i]-'0')
		i++
	}
	if i == start || i-start > 15 || b[start] == '0' || !bytes.HasPrefix(b[i:], []byte(`,"m":"`)) {
		return 0
	}
	i += len(`,"m":"`)
	start = i
	i = plainEnd(b, i)
	m.Path = b[start:i]
	if i == start || !bytes.HasPrefix(b[i:], []byte(`","a":[`)) {
		return 0
	}
	i += len(`","a":`)
	end, err := skip(b, i, 1)
	if err != nil {
		return 0
	}
	m.Args = b[i:end]
	i = end
	if m.Kind == Call && bytes.HasPrefix(b[i:], []byte(`,"k":"`)) {
		i += len(`,"k":"`)
		if i+36 >= len(b) || b[i+36] != '"' || bytes.IndexByte(b[i:i+36], '\\') >= 0 {
			return 0
		}
		m.Seed = b[i : i+36]
		i += 37
	}
	if i >= len(b) || b[i] != '}' {
		return 0
	}
	return i + 1
}

// decodePub is decodeFast for a pub without an id, from its path on.
func decodePub(b []byte, i int, m *Message) int {
	m.Kind = Pub
	path := plainEnd(b, i)
	if path == i || !bytes.HasPrefix(b[path:], []byte(`","a":[`)) {
		return 0
	}
	m.Path = b[i:path]
	i = path + len(`","a":`)
	end, err := skip(b, i, 1)
	if err != nil || !bytes.HasPrefix(b[end:], []byte(`,"k":"`)) {
		return 0
	}
	m.Args = b[i:end]
	i = end + len(`,"k":"`)
	event := plainEnd(b, i)
	if !bytes.HasPrefix(b[event:], []byte(`","v":`)) {
		return 0
	}
	m.Event = b[i:event]
	i = event + len(`","v":`)
	end, err = skip(b, i, 1)
	if err != nil || end >= len(b) || b[end] != '}' {
		return 0
	}
	m.Value = b[i:end]
	return end + 1
}

// plainEnd returns the offset of the quote, backslash or control character that ends the plain text at i, or the end of b.
func plainEnd(b []byte, i int) int {
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= 0x20 {
		i++
	}
	return i
}

// decodeFull reads a message with its members in any order.
func decodeFull(raw []byte, m *Message, batches bool) error {
	var f fields
	if err := f.read(raw); err != nil {
		return err
	}
	m.ID = f.id
	m.Kind = kinds[f.kind]
	if m.Kind == 0 {
		return malformed(f.id, "%s is not a kind of message", strconv.Quote(f.kind))
	}
	switch m.Kind {
	case Call, Sub, More, Unsub:
		if m.ID == 0 {
			return malformed(0, `A message of kind %q needs an "id", a positive integer`, f.kind)
		}
	}
	switch m.Kind {
	case Call, Sub, Pub:
		if f.path == "" {
			return malformed(m.ID, `A message of kind %q needs "m", the entry point`, f.kind)
		}
		m.Path = []byte(f.path)
		if f.args != nil && f.args[0] != '[' {
			return malformed(m.ID, `The arguments "a" must be a JSON array`)
		}
		m.Args = f.args
	}
	switch m.Kind {
	case Hello:
		m.Version, m.Hash, m.Token, m.Hashes = f.version, f.hash, f.token, f.hashes
	case Call:
		m.Seed = f.key
	case Pub:
		if f.key == nil || f.value == nil {
			return malformed(m.ID, `A message of kind "pub" needs an event "k" and a value "v"`)
		}
		m.Event, m.Value = f.key, f.value
	case Sub:
		m.At = f.at
	case Batch:
		if !batches {
			return malformed(m.ID, "A batch may contain only calls")
		}
		m.Sequential = f.sequential
		return decodeBatch(f.batch, m)
	}
	return nil
}

func decodeBatch(raw []byte, m *Message) error {
	var calls []json.RawMessage
	if raw == nil || json.Unmarshal(raw, &calls) != nil {
		return malformed(0, `A batch needs "b", a list of calls`)
	}
	return decodeCalls(calls, m)
}

// decodeCalls reads the calls of a batch.
func decodeCalls(calls []json.RawMessage, m *Message) error {
	if len(calls) > MaxMessages {
		return malformed(0, "A batch may have at most %d calls", MaxMessages)
	}
	m.Calls = make([]Message, len(calls))
	for i, raw := range calls {
		call := &m.Calls[i]
		if raw[0] != '{' {
			return malformed(0, "A batch may contain only calls")
		}
		end, err := decodeMessage(raw, 0, call, false)
		switch {
		case err != nil:
			return err
		case end != len(raw) || call.Kind != Call:
			return malformed(call.ID, "A batch may contain only calls")
		}
	}
	return nil
}
