package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/livec-lang/livec/runtime/merge"
)

// mergeTime is how long each round of a merge runs.
const mergeTime = 100 * time.Millisecond

// merges applies events to values of several sizes. The events of keyed merges change a row, or delete one and insert it again; the
// baseline keeps rows in a slice and searches it.
func merges(ctx context.Context, report func(figure)) error {
	for _, kind := range []merge.Kind{merge.Crud, merge.Presence, merge.Cursor, merge.Latest, merge.Set} {
		for _, size := range []int{10, 1000, 100_000} {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			state := merge.New(merge.Rule{Kind: kind, Max: size})
			member := "key"
			if kind == merge.Crud {
				member = "id"
			}
			puts, takesOut := kind.Puts()
			if !kind.Keyed() {
				puts, takesOut = merge.SetAll, merge.SetAll
				if kind == merge.Latest {
					puts, takesOut = merge.Created, merge.Created
				}
			}
			rows := make([][]byte, size)
			for i := range rows {
				rows[i] = fmt.Appendf(nil, `{%q:"row-%06d","text":"something of the length of a message","n":%d}`, member, i, i)
				if _, _, err := state.Apply(puts, rows[i]); err != nil {
					return err
				}
			}
			var failed error
			apply := func(i int) {
				row := rows[i*7919%size] // in no order
				if i%4 == 0 {
					if _, _, err := state.Apply(takesOut, row); err != nil {
						failed = err
					}
				}
				if _, _, err := state.Apply(puts, row); err != nil {
					failed = err
				}
			}
			rate := perSecond(apply)
			if failed != nil {
				return failed
			}
			f := figure{Name: fmt.Sprintf("merge_%s_%d", kind, size), Value: round3(rate), Unit: "changes/s"}
			if kind == merge.Crud {
				list := &searched{keys: make([][]byte, 0, size), rule: merge.Rule{Kind: kind}}
				for _, row := range rows {
					list.put(row)
				}
				naive := perSecond(func(i int) {
					row := rows[i*7919%size]
					if i%4 == 0 {
						list.take(row)
					}
					list.put(row)
				})
				f.Against, f.Ratio = fmt.Sprintf("a slice that is searched: %.3g", naive), round3(rate/naive)
			}
			report(f)
		}
	}
	return nil
}

// perSecond is the median rate at which fn runs.
func perSecond(fn func(i int)) float64 {
	var rates []float64
	i := 0
	for range rounds + 1 {
		start, n := time.Now(), 0
		for time.Since(start) < mergeTime {
			for range 50 {
				fn(i)
				i++
				n++
			}
		}
		rates = append(rates, float64(n)/time.Since(start).Seconds())
	}
	return median(rates[1:])
}

// searched is a list of rows that is searched for each event.
type searched struct {
	keys [][]byte
	data [][]byte
	rule merge.Rule
}

func (s *searched) find(row []byte) (int, []byte) {
	key, _ := s.rule.KeyOf(row) // the rows that are measured have keys
	k := []byte(key)
	for i, other := range s.keys {
		if bytes.Equal(other, k) {
			return i, k
		}
	}
	return -1, k
}

func (s *searched) put(row []byte) {
	if i, key := s.find(row); i >= 0 {
		s.data[i] = row
	} else {
		s.keys, s.data = append(s.keys, key), append(s.data, row)
	}
}

func (s *searched) take(row []byte) {
	if i, _ := s.find(row); i >= 0 {
		s.keys = append(s.keys[:i], s.keys[i+1:]...)
		s.data = append(s.data[:i], s.data[i+1:]...)
	}
}
