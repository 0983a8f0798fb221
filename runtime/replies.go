package runtime

import (
	"time"

	"github.com/livec-lang/livec/runtime/store"
)

// replies keeps the answers of calls that write and came with a key, so that a call that is sent again, since its answer was lost, has its effect once.
type replies interface {
	// Find gives the answer that a call with this key left, and the commit it made. A key that was used for another rpc or other arguments is an *Error with CONFLICT.
	Find(tx store.Tx, scope, key, rpc string, args []byte, now time.Time) (reply []byte, seq uint64, found bool, err error)
	// Keep keeps the answer of a call in the transaction that made it.
	Keep(tx store.Tx, scope, key, rpc string, args, reply []byte, now time.Time) error
}
