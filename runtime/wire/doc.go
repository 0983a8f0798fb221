// Package wire reads and writes the messages of the protocol live.v1 (docs/protocol.md).
//
// Decoding has a fast path for messages as our own clients write them: members in the documented order, without white space. All other
// messages are decoded in full, with the same result.
package wire
