package runtime

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// dependency is what a run of upgrade, a guard or a gate read: rows of a table, narrowed to those whose columns have these values. No columns: any row.
type dependency struct {
	Table  *relation.Table
	Cols   []int
	Values []relation.Value
}

func (d *dependency) equal(o *dependency) bool {
	return d.Table == o.Table && slices.Equal(d.Cols, o.Cols) && slices.EqualFunc(d.Values, o.Values, relation.Same)
}

// footprint is what somebody has read: the rows, a digest of them, and their tables.
type footprint struct {
	digest digest
	tables []*relation.Table
	deps   []dependency
}

func (f *footprint) any() bool { return f.digest != 0 }

func footprintOf(deps []dependency) footprint {
	f := footprint{digest: digestOf(deps), deps: deps}
	for i := range deps {
		if !slices.Contains(f.tables, deps[i].Table) {
			f.tables = append(f.tables, deps[i].Table)
		}
	}
	return f
}

// digest stands for a set of dependencies: another set has another one.
type digest uint64

var digestSeed = maphash.MakeSeed()

// digestOf is the digest of dependencies that are all different; 0 for none.
func digestOf(deps []dependency) (sum digest) {
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
		sum += digest(maphash.Bytes(digestSeed, b))
	}
	if sum == 0 && len(deps) > 0 {
		sum = 1
	}
	return sum
}

// recorder is a transaction that notes what is read through it.
type recorder struct {
	store.Tx
	deps []dependency
}

func (r *recorder) Query(q *relation.Query, params ...relation.Value) ([]relation.Row, error) {
	r.query(q, params)
	return r.Tx.Query(q, params...)
}

func (r *recorder) Get(t *relation.Table, key relation.Row) (relation.Row, error) {
	r.note(dependency{Table: t, Cols: t.Key, Values: key})
	return r.Tx.Get(t, key)
}

func (r *recorder) query(q *relation.Query, params []relation.Value) {
	for _, read := range q.Reads {
		d := dependency{Table: read.Table, Cols: read.Cols}
		for _, p := range read.Params {
			if p < len(params) {
				d.Values = append(d.Values, params[p])
			}
		}
		if len(d.Values) != len(d.Cols) {
			d.Cols, d.Values = nil, nil
		}
		r.note(d)
	}
}

func (r *recorder) note(d dependency) {
	if !covers(r.deps, d) {
		r.deps = append(r.deps, d)
	}
}

// covers tells whether a list of dependencies has d.
func covers(deps []dependency, d dependency) bool {
	return slices.ContainsFunc(deps, func(o dependency) bool { return o.equal(&d) })
}

// coversAll tells whether a list of dependencies has all of others.
func coversAll(deps, others []dependency) bool {
	for _, d := range others {
		if !covers(deps, d) {
			return false
		}
	}
	return true
}
