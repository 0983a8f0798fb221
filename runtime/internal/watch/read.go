// Package watch records what a transaction reads, and notifies when that changes.
package watch

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

func equal(d, o *store.Dependency) bool {
	return d.Table == o.Table && slices.Equal(d.Cols, o.Cols) && slices.EqualFunc(d.Values, o.Values, relation.Same)
}

// ReadSet is everything that a transaction has read. The zero value means that it has read nothing.
type ReadSet struct {
	Digest Digest // of Deps; 0 for none
	Tables []*relation.Table
	Deps   []store.Dependency // without duplicates
}

// Any reports whether anything was read.
func (f *ReadSet) Any() bool { return f.Digest != 0 }

func readSetOf(deps []store.Dependency) ReadSet {
	f := ReadSet{Digest: digestOf(deps), Deps: deps}
	for i := range deps {
		if !slices.Contains(f.Tables, deps[i].Table) {
			f.Tables = append(f.Tables, deps[i].Table)
		}
	}
	return f
}

// Digest identifies a set of dependencies. Different sets have different digests, except by chance.
type Digest uint64

var digestSeed = maphash.MakeSeed()

// digestOf is the Digest of dependencies without duplicates; 0 for none.
func digestOf(deps []store.Dependency) (sum Digest) {
	var b []byte
	for i := range deps {
		d := &deps[i]
		b = append(append(b[:0], d.Table.Name...), 0)
		for _, c := range d.Cols {
			b = binary.AppendUvarint(b, uint64(c)+1)
		}
		b = append(b, 0)
		for _, v := range d.Values {
			b = eval.AppendKey(b, v)
		}
		sum += Digest(maphash.Bytes(digestSeed, b))
	}
	if sum == 0 && len(deps) > 0 {
		sum = 1
	}
	return sum
}

// recorder is a transaction that records what is read through it.
type recorder struct {
	store.Tx
	deps []store.Dependency
}

func (r *recorder) Query(q *relation.Query, params ...relation.Value) ([]relation.Row, error) {
	r.query(q, params)
	return r.Tx.Query(q, params...)
}

func (r *recorder) Get(t *relation.Table, key relation.Row) (relation.Row, error) {
	r.add(store.Dependency{Table: t, Cols: t.Key, Values: key})
	return r.Tx.Get(t, key)
}

// Deadline implements store.Bounded.
func (r *recorder) Deadline() time.Time { return store.DeadlineOf(r.Tx) }

func (r *recorder) query(q *relation.Query, params []relation.Value) {
	for _, read := range q.Reads {
		d := store.Dependency{Table: read.Table, Cols: read.Cols}
		for _, p := range read.Params {
			if p < len(params) {
				d.Values = append(d.Values, params[p])
			}
		}
		if len(d.Values) != len(d.Cols) {
			d.Cols, d.Values = nil, nil
		}
		r.add(d)
	}
}

func (r *recorder) add(d store.Dependency) {
	if !covers(r.deps, d) {
		r.deps = append(r.deps, d)
	}
}

// covers reports whether a list of dependencies contains d.
func covers(deps []store.Dependency, d store.Dependency) bool {
	return slices.ContainsFunc(deps, func(o store.Dependency) bool { return equal(&o, &d) })
}

// coversAll reports whether a list of dependencies contains all of others.
func coversAll(deps, others []store.Dependency) bool {
	for _, d := range others {
		if !covers(deps, d) {
			return false
		}
	}
	return true
}

// Unrecorded is a transaction whose reads are not recorded.
func Unrecorded(tx store.Tx) store.Tx {
	if r, ok := tx.(*recorder); ok {
		return r.Tx
	}
	return tx
}
