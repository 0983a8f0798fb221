// Package idempotency makes a call that is sent more than once take effect once. It stores the answer of a call under a key that the client
// has chosen before it first sent the call. The answer is stored in the transaction of the call, so there is an answer exactly if there is
// an effect. A call that failed leaves neither.
package idempotency

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

const (
	keepFor   = 24 * time.Hour // longer than any client tries
	maxReply  = 64 << 10       // larger answers are not kept; in bytes
	sweepEach = 64             // one kept answer in this many also deletes expired ones
	sweepRows = 256            // the most rows that it deletes; more than are added in between, so the table has the answers of about a day
)

var (
	// ErrMismatch means that a key was used for another call.
	ErrMismatch = errors.New("the key of this call was already used for another rpc or other arguments")
	// ErrDone means that the call has taken effect, but its answer was too large to be stored.
	ErrDone = errors.New("this call was already made; its answer was too large to keep")
)

// The columns of Table.
const (
	colScope = iota // the callers whose keys must differ
	colKey
	colRPC
	colArgs  // HMAC-SHA-256 of the arguments
	colReply // null if too large
	colAt    // when it was kept
)

// Table stores the answers. It is hidden, so changes of it notify nobody.
var Table = &relation.Table{
	Name:   relation.SystemPrefix + "idem",
	Hidden: true,
	Columns: relation.Schema{
		{Name: "scope", Kind: relation.Text}, {Name: "key", Kind: relation.Text}, {Name: "rpc", Kind: relation.Text},
		{Name: "args", Kind: relation.Bytes}, {Name: "reply", Kind: relation.Bytes, Nullable: true}, {Name: "at", Kind: relation.Time},
	},
	Key:   []int{colScope, colKey},
	Index: [][]int{{colAt}},
}

// Queries are the queries that a server must register to use this package.
var Queries = []*relation.Query{expired}

// expired gives the oldest answers from before an instant.
var expired = chain.NewQuery("expired answers", &relation.Limit{N: sweepRows, Input: &relation.Sort{
	By: []relation.SortKey{{Expr: column(colAt)}, {Expr: column(colScope)}, {Expr: column(colKey)}},
	Input: &relation.Filter{
		Input: &relation.Scan{Table: Table},
		Cond: &relation.Binary{
			Op: relation.Lt, Kind: relation.Bool, Of: relation.Time,
			L: column(colAt), R: &relation.Param{Kind: relation.Time},
		},
	},
}}, relation.Column{Name: "before", Kind: relation.Time})

func column(i int) *relation.Col { return &relation.Col{Index: i, Kind: Table.Columns[i].Kind} }

// Replies stores answers. The zero value is ready to use; it is safe for concurrent use.
type Replies struct {
	// Keys are the secrets for hashing arguments, so that those who read the database cannot guess passwords from the hashes. New answers use
	// the first. Without keys, arguments are hashed with an empty one: an app without sessions has no secret.
	Keys [][]byte

	// MaxEach is how many bytes one caller may store within 10 minutes; 64 MiB if it is 0. What is over it must wait: an answer that was
	// stored is not dropped in that time, since its call would take effect again.
	MaxEach int
	// MaxTotal is from how many bytes on answers are dropped that are older than 10 minutes, and not only those of a day; 1 GiB if it is 0.
	MaxTotal int

	kept  atomic.Uint64
	usage usage
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// Wait is how long a caller must wait before it may store another answer; 0: not at all. steady is an instant that does not jump.
func (r *Replies) Wait(caller string, steady time.Time) time.Duration {
	return r.usage.wait(caller, steady, orElse(r.MaxEach, defaultMaxEach))
}

// Keep stores the answer of a call, in the transaction of the call, and counts its bytes for the caller. See Put.
func (r *Replies) Keep(
	tx store.Tx, scope, key, rpc string, args, reply []byte, now time.Time, caller string, steady time.Time,
) error {
	if err := r.Put(tx, scope, key, rpc, args, reply, now); err != nil {
		return err
	}
	bytes := rowOverhead + len(scope) + len(key) + len(rpc)
	if len(reply) <= maxReply {
		bytes += len(reply)
	}
	r.usage.add(caller, bytes, steady, orElse(r.MaxEach, defaultMaxEach))
	return nil
}

// sum is the hash of arguments by a key.
func sum(key, args []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(args) // never fails
	return h.Sum(nil)
}

// same reports whether hash is a hash of arguments, by any of the keys.
func (r *Replies) same(hash, args []byte) bool {
	for _, key := range r.keys() {
		if hmac.Equal(hash, sum(key, args)) {
			return true
		}
	}
	return false
}

func (r *Replies) keys() [][]byte {
	if len(r.Keys) == 0 {
		return [][]byte{nil}
	}
	return r.Keys
}

// Find gives the answer of an earlier call with this key in scope, and the sequence of a commit that includes its effect: the last one,
// since the call's own is not later. The error is ErrMismatch if the key was used for another rpc or other arguments, and ErrDone if the
// answer was not stored.
func (r *Replies) Find(tx store.Tx, scope, key, rpc string, args []byte, now time.Time) (reply []byte, seq uint64, found bool, err error) {
	row, err := tx.Get(Table, relation.Row{scope, key})
	if err != nil || row == nil || row[colAt].(int64) < now.Add(-keepFor).UnixMilli() {
		return nil, 0, false, err
	}
	if row[colRPC] != rpc || !r.same(row[colArgs].([]byte), args) {
		return nil, 0, false, ErrMismatch
	}
	if row[colReply] == nil {
		return nil, 0, false, ErrDone
	}
	return row[colReply].([]byte), tx.Seq(), true, nil
}

// Put stores the answer of a call, in the transaction of the call. If the answer has more than 64 KiB, it stores only that there was one.
func (r *Replies) Put(tx store.Tx, scope, key, rpc string, args, reply []byte, now time.Time) error {
	row := relation.Row{scope, key, rpc, sum(r.keys()[0], args), nil, now.UnixMilli()}
	if len(reply) <= maxReply {
		row[colReply] = append([]byte{}, reply...)
	}
	if r.kept.Add(1)%sweepEach == 0 {
		if err := r.sweep(tx, now); err != nil {
			return err
		}
	}
	old, err := tx.Get(Table, relation.Row{scope, key})
	switch {
	case err != nil:
		return err
	case old != nil: // it has expired, otherwise Find would have found it
		return tx.Update(Table, old, row)
	}
	return tx.Insert(Table, row)
}

// sweep deletes some answers that have expired or, if all take too many bytes, are older than 10 minutes.
func (r *Replies) sweep(tx store.Tx, now time.Time) error {
	keep := keepFor
	if r.usage.over(orElse(r.MaxTotal, defaultMaxTotal)) {
		keep = usagePeriod
	}
	rows, err := tx.Query(expired, now.Add(-keep).UnixMilli())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := tx.Delete(Table, row); err != nil {
			return err
		}
		reply, _ := row[colReply].([]byte)
		r.usage.drop(rowOverhead + len(row[colScope].(string)) + len(row[colKey].(string)) + len(row[colRPC].(string)) + len(reply))
	}
	return nil
}
