// Package wire reads and writes the messages of the protocol live.v1 (docs/protocol.md).
//
// Reading has a fast path for messages written just as our own clients write them, member by member in the documented order and without white space. Every other message is
// read in full, with the same result.
package wire
