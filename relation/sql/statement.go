package sql

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// Statement is the SQL of a query.
type Statement struct {
	SQL   string
	Binds []int // the parameter for each placeholder, in order
	Out   relation.Schema
}

// Compile makes the SQL of a query.
func Compile(f *Flavour, q *relation.Query) (*Statement, error) {
	k := &compiler{f: f, params: q.Params, place: map[int]string{}, few: q.Few}
	text, err := k.query(chain.Early(q.Plan))
	if err != nil {
		return nil, err
	}
	return &Statement{SQL: text, Binds: k.binds, Out: q.Out}, nil
}
