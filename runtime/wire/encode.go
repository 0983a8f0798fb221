package wire

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// Version is the version of the protocol; Subprotocol is its name in the WebSocket handshake.
const (
	Version     = 1
	Subprotocol = "live.v1"
)

// Greeting is the server's first message.
type Greeting struct {
	Hash, Epoch string
	Heartbeat   time.Duration // sent in milliseconds
	Key         string        // of the caller
	Now         time.Time     // the server's
	MaxMessage  int           // bytes that one message may have, unless it calls an rpc that takes larger bytes
	MaxFrame    int           // bytes that one frame may have
}

// AppendHello appends the server's first message.
func AppendHello(dst []byte, g *Greeting) []byte {
	dst = append(dst, `{"t":"hello","v":1,"h":`...)
	dst = AppendString(dst, g.Hash)
	dst = append(dst, `,"e":`...)
	dst = AppendString(dst, g.Epoch)
	dst = append(dst, `,"hb":`...)
	dst = strconv.AppendInt(dst, g.Heartbeat.Milliseconds(), 10)
	dst = append(dst, `,"k":`...)
	dst = AppendString(dst, g.Key)
	dst = append(dst, `,"now":`...)
	dst = strconv.AppendInt(dst, g.Now.UnixMilli(), 10)
	dst = append(dst, `,"max":`...)
	dst = strconv.AppendInt(dst, int64(g.MaxMessage), 10)
	dst = append(dst, `,"frame":`...)
	dst = strconv.AppendInt(dst, int64(g.MaxFrame), 10)
	return append(dst, '}')
}

// AppendOK appends the answer to a call: its result as JSON and the sequence of its commit.
func AppendOK(dst []byte, id uint64, value []byte, seq uint64) []byte {
	return EndOK(append(BeginOK(dst, id), value...), seq)
}

// BeginOK appends the answer to a call up to its result, which the caller appends as JSON before EndOK.
func BeginOK(dst []byte, id uint64) []byte {
	dst = append(dst, `{"t":"ok","id":`...)
	dst = strconv.AppendUint(dst, id, 10)
	return append(dst, `,"v":`...)
}

// EndOK ends what BeginOK has begun, with the sequence of the call's commit.
func EndOK(dst []byte, seq uint64) []byte {
	dst = append(dst, `,"s":`...)
	dst = strconv.AppendUint(dst, seq, 10)
	return append(dst, '}')
}

// EndReached is EndOK for a call that sent signals, which reached n connections.
func EndReached(dst []byte, seq uint64, n int) []byte {
	dst = append(dst, `,"s":`...)
	dst = strconv.AppendUint(dst, seq, 10)
	dst = append(dst, `,"n":`...)
	dst = strconv.AppendInt(dst, int64(n), 10)
	return append(dst, '}')
}

// Failure is an error as clients get it.
type Failure struct {
	Code       string
	Message    string
	Issues     []Issue
	RetryAfter time.Duration // sent in whole seconds, rounded up; 0 is not sent
	Wait       bool          // of a subscription that the server keeps: it opens again later
}

// Issue is one fault in the arguments.
type Issue struct {
	Path    string // JSON Pointer (RFC 6901) into the arguments
	Message string
}

// AppendErr appends the failure of a call or subscription. id is 0 if none could be read.
func AppendErr(dst []byte, id uint64, f *Failure) []byte {
	dst = append(dst, `{"t":"err","id":`...)
	dst = strconv.AppendUint(dst, id, 10)
	dst = append(dst, ',')
	dst = f.appendMembers(dst)
	return append(dst, '}')
}

// Append appends the failure as a JSON object.
func (f *Failure) Append(dst []byte) []byte {
	dst = append(dst, '{')
	dst = f.appendMembers(dst)
	return append(dst, '}')
}

func (f *Failure) appendMembers(dst []byte) []byte {
	dst = append(dst, `"code":`...)
	dst = AppendString(dst, f.Code)
	dst = append(dst, `,"message":`...)
	dst = AppendString(dst, f.Message)
	if len(f.Issues) > 0 {
		dst = append(dst, `,"issues":[`...)
		for i, issue := range f.Issues {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, `{"path":`...)
			dst = AppendString(dst, issue.Path)
			dst = append(dst, `,"message":`...)
			dst = AppendString(dst, issue.Message)
			dst = append(dst, '}')
		}
		dst = append(dst, ']')
	}
	if s := f.Seconds(); s > 0 {
		dst = append(dst, `,"retryAfter":`...)
		dst = strconv.AppendInt(dst, s, 10)
	}
	return f.appendWait(dst)
}

func (f *Failure) appendWait(dst []byte) []byte {
	if f.Wait {
		dst = append(dst, `,"wait":true`...)
	}
	return dst
}

// Seconds is RetryAfter in whole seconds, rounded up.
func (f *Failure) Seconds() int64 { return int64((f.RetryAfter + time.Second - 1) / time.Second) }

// AppendSnap appends the data of a subscription at an offset of a topic.
func AppendSnap(dst []byte, id, topic uint64, epoch string, offset uint64, value []byte, more bool) []byte {
	dst = append(dst, `{"t":"snap","id":`...)
	dst = appendOffset(dst, id, topic, epoch, offset)
	dst = append(dst, `,"v":`...)
	dst = append(dst, value...)
	if more {
		dst = append(dst, `,"more":true`...)
	}
	return append(dst, '}')
}

// SnapRefused adds to a message of AppendSnap why the client does not get the further page that it has asked for.
func SnapRefused(dst []byte, why *Failure) []byte {
	dst = append(dst[:len(dst)-1], `,"refused":{"code":`...)
	dst = AppendString(dst, why.Code)
	dst = append(dst, `,"message":`...)
	dst = AppendString(dst, why.Message)
	return append(dst, `}}`...)
}

// AppendLive appends that the data that the client has at an offset is up to date.
func AppendLive(dst []byte, id, topic uint64, epoch string, offset uint64) []byte {
	dst = append(dst, `{"t":"live","id":`...)
	dst = appendOffset(dst, id, topic, epoch, offset)
	return append(dst, '}')
}

func appendOffset(dst []byte, id, topic uint64, epoch string, offset uint64) []byte {
	dst = strconv.AppendUint(dst, id, 10)
	dst = append(dst, `,"c":`...)
	dst = strconv.AppendUint(dst, topic, 10)
	dst = append(dst, `,"e":`...)
	dst = AppendString(dst, epoch)
	dst = append(dst, `,"s":`...)
	return strconv.AppendUint(dst, offset, 10)
}

// AppendOff appends that the gate of the subscription is closed.
func AppendOff(dst []byte, id uint64) []byte {
	dst = append(dst, `{"t":"off","id":`...)
	dst = strconv.AppendUint(dst, id, 10)
	return append(dst, '}')
}

// AppendEnd appends that the server has ended the subscription or, with Wait, that its data must not be shown any more.
func AppendEnd(dst []byte, id uint64, f *Failure) []byte {
	dst = append(dst, `{"t":"end","id":`...)
	dst = strconv.AppendUint(dst, id, 10)
	dst = append(dst, `,"code":`...)
	dst = AppendString(dst, f.Code)
	dst = append(dst, `,"message":`...)
	dst = AppendString(dst, f.Message)
	dst = f.appendWait(dst)
	return append(dst, '}')
}

// AppendResync appends that the client has missed events of a topic, and will get the data anew.
func AppendResync(dst []byte, topic uint64) []byte {
	dst = append(dst, `{"t":"resync","c":`...)
	dst = strconv.AppendUint(dst, topic, 10)
	return append(dst, '}')
}

// AppendPong appends the answer to a ping.
func AppendPong(dst []byte) []byte { return append(dst, `{"t":"pong"}`...) }

// AppendString appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = append(dst, s[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, `\n`...)
			default:
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, "\uFFFD"...)
			start = i + 1
		}
		i += size
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
