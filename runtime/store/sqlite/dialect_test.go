package sqlite_test

import (
	"github.com/livec-lang/livec/relation"
	dialect "github.com/livec-lang/livec/relation/sqlite"
)

func fillTable(t *relation.Table) error {
	dialect.Dialect{}.Table(t)
	return nil
}

func compile(name string, plan relation.Node, params []relation.Column) (*relation.Query, error) {
	return dialect.Dialect{}.Compile(name, plan, params)
}
