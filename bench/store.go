package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

const (
	storeCallers = 64
	storeFor     = time.Second
)

var notes = &relation.Table{
	Name:    "note",
	Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "room", Kind: relation.Text}, {Name: "text", Kind: relation.Text}},
	Key:     []int{0},
	Index:   [][]int{{1}},
}

// storeWrites measures durable transactions of one row each, of many callers, which share commits. The baseline is one caller, which cannot
// share.
func storeWrites(ctx context.Context, report func(figure)) (err error) {
	dir, err := os.MkdirTemp("", "live-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := sqlite.Open(ctx, filepath.Join(dir, "bench.db"), []*relation.Table{notes}, sqlite.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var many, one []float64
	for round := range rounds {
		for _, callers := range []int{storeCallers, 1} {
			rate, err := writeRate(ctx, db, callers, fmt.Sprint(round, "-", callers))
			if err != nil {
				return err
			}
			if callers == 1 {
				one = append(one, rate)
			} else {
				many = append(many, rate)
			}
		}
	}
	a, b := median(many), median(one)
	report(figure{
		Name: "store_writes", Value: round3(a), Unit: "durable transactions/s",
		Against: fmt.Sprintf("one commit each: %.0f", b), Ratio: round3(a / b),
	})
	return nil
}

func writeRate(ctx context.Context, db store.Store, callers int, prefix string) (float64, error) {
	var mu sync.Mutex
	var total int
	var failed error
	var wg sync.WaitGroup
	start := time.Now()
	for c := range callers {
		wg.Go(func() {
			n := 0
			var err error
			for ; err == nil && time.Since(start) < storeFor; n++ {
				row := relation.Row{fmt.Sprintf("%s-%d-%d", prefix, c, n), "lobby", "a message of a common length, such as people write in a chat"}
				_, err = store.Write(ctx, db, func(tx store.Tx) error { return tx.Insert(notes, row) })
			}
			mu.Lock()
			defer mu.Unlock()
			total += n
			failed = errors.Join(failed, err)
		})
	}
	wg.Wait()
	return float64(total) / time.Since(start).Seconds(), failed
}
