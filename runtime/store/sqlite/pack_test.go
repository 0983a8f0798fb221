package sqlite

import (
	sqldriver "database/sql/driver"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/livec-lang/livec/relation"
)

// TestPackedRows decodes what packRow has encoded, nested rows too, and refuses truncated rows.
func TestPackedRows(t *testing.T) {
	cols := relation.Schema{
		{Name: "a", Kind: relation.Int}, {Name: "b", Kind: relation.Float}, {Name: "c", Kind: relation.Text, Nullable: true},
		{Name: "d", Kind: relation.Bytes}, {Name: "e", Kind: relation.Bool},
		{Name: "f", Kind: relation.Record, Fields: relation.Schema{{Name: "g", Kind: relation.Text}}},
	}
	packed := packRow([]sqldriver.Value{int64(-7), math.Pi, nil, []byte{}, int64(1), packRow([]sqldriver.Value{"x\x00y"})})
	got, err := unpackRow(cols, packed)
	want := relation.Row{int64(-7), math.Pi, nil, []byte{}, true, relation.Row{"x\x00y"}}
	if err != nil || !reflect.DeepEqual(got, relation.Value(want)) {
		t.Fatalf("got %#v, %v", got, err)
	}
	if v, err := packedField(packed, 1); err != nil || v != math.Pi {
		t.Errorf("field 1 is %v, %v", v, err)
	}
	for n := range packed {
		if _, err := unpackRow(cols, packed[:n]); !errors.Is(err, errPacked) {
			t.Errorf("%d bytes of %d: %v", n, len(packed), err)
		}
	}
}
