package conn

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// A client that returns gets the events that it has missed, and it must have had the right to each of them. So where the right was read
// from rows, the epoch that a client gets names a commit at which it had the right and the offset of the data that it got then. It is
// sealed for this user and stream (RFC 2104), so that nobody can name earlier ones or those of another. The events are sent if no row that
// the right was read from has changed since that commit; otherwise the data is.

// epoch is the name of the topic for a client that holds the data of a subscription at an offset, for when it returns.
func (c *Conn) epoch(sub *subscription, t *topic.Topic, offset uint64) string {
	if !c.mayChange(sub) {
		return t.Epoch()
	}
	since := strconv.FormatUint(sub.since, 36) + "." + strconv.FormatUint(offset, 36)
	return t.Epoch() + ":" + since + ":" + c.sealOf(sub, t, since)
}

// sealOf is the seal of an epoch: of a topic, at a commit and an offset, for this user and this stream.
func (c *Conn) sealOf(sub *subscription, t *topic.Topic, since string) string {
	mac := hmac.New(sha256.New, c.conns.seal[:])
	for _, part := range []string{t.Epoch(), since, sub.stream.Name, c.who.Load().Key} {
		_, _ = mac.Write(append(strconv.AppendInt(nil, int64(len(part)), 10), ':')) // a hash does not fail
		_, _ = mac.Write([]byte(part))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// returns reports whether a client may get what it has missed. reads is what the checks of the subscription have read.
func (c *Conn) returns(sub *subscription, t *topic.Topic, at wire.At, reads []store.Dependency) bool {
	if e := sub.stream; e.Kind == catalog.Published && e.First != nil && e.Mode == invoke.Read && e.Feed.Replay == (feed.Replay{}) {
		return false // writes that have published nothing may have changed what its body gives
	}
	epoch := at.Epoch
	if c.mayChange(sub) {
		name, rest, _ := strings.Cut(epoch, ":")
		since, seal, _ := strings.Cut(rest, ":")
		if !hmac.Equal([]byte(seal), []byte(c.sealOf(sub, t, since))) {
			return false
		}
		number, first, _ := strings.Cut(since, ".")
		commit, err := strconv.ParseUint(number, 36, 64)
		if err != nil {
			return false
		}
		if offset, err := strconv.ParseUint(first, 36, 64); err != nil || at.Offset < offset {
			return false
		}
		for _, dep := range slices.Concat(reads, c.who.Load().Reads.Deps) {
			if c.conns.cfg.Engine.Changed(dep, commit) {
				return false
			}
		}
		epoch = name
	}
	return t.Reaches(epoch, at.Offset)
}
