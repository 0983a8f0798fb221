package store

import (
	"testing"

	"github.com/livec-lang/livec/relation"
)

// TestEqualUpdate updates a row to its own values: there is no change, unless the table has secrets, since that would confirm a guess.
func TestEqualUpdate(t *testing.T) {
	for name, test := range map[string]struct {
		column relation.Column
		want   int
	}{
		"open":          {relation.Column{Name: "code"}, 0},
		"secret":        {relation.Column{Name: "code", Secret: true}, 1},
		"secret inside": {relation.Column{Name: "code", Kind: relation.JSONKind, Visible: &relation.Visible{}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			table := &relation.Table{Name: "T", Columns: relation.Schema{{Name: "id"}, test.column}, Key: []int{0}}
			c := &Changes{}
			c.Update(table, relation.Row{"1", "a"}, relation.Row{"1", "a"})
			if got := len(c.Net()); got != test.want {
				t.Errorf("%d changes, not %d", got, test.want)
			}
		})
	}
}
