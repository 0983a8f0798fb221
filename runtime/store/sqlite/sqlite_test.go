package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, storetest.Backend{
		Open: func(ctx context.Context, dir string, tables []*relation.Table) (store.Store, error) {
			return sqlite.Open(ctx, filepath.Join(dir, "test #1 50%?.db"), tables, sqlite.Options{})
		},
	})
}
