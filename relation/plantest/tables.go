package plantest

import (
	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
)

var levels = []string{"low", "mid", "high"} // not in alphabetical order

// Users are people.
var Users = &relation.Table{
	Name: "User",
	Columns: relation.Schema{
		{Name: "id", Kind: relation.ID}, {Name: "name", Kind: relation.Text}, {Name: "team", Kind: relation.Int, Nullable: true},
		{Name: "active", Kind: relation.Bool},
		{Name: "password", Kind: relation.Text, Secret: true},
	},
	Key: []int{0},
}

// Posts are what users write.
var Posts = &relation.Table{
	Name: "Post",
	Columns: relation.Schema{
		{Name: "id", Kind: relation.ID}, {Name: "room", Kind: relation.Text}, {Name: "author", Kind: relation.ID, Nullable: true},
		{Name: "score", Kind: relation.Int}, {Name: "weight", Kind: relation.Float, Nullable: true},
		{Name: "level", Kind: relation.Enum, Enum: levels}, {Name: "pinned", Kind: relation.Bool},
		{Name: "at", Kind: relation.Time, Nullable: true}, {Name: "tags", Kind: relation.JSONKind},
	},
	Key:   []int{0},
	Index: [][]int{{1, 3}, {2}},
}

// Likes are what users think of posts.
var Likes = &relation.Table{
	Name:    "Like",
	Columns: relation.Schema{{Name: "post", Kind: relation.ID}, {Name: "user", Kind: relation.ID}, {Name: "stars", Kind: relation.Int}},
	Key:     []int{0, 1},
}

// Tables are all tables.
var Tables = []*relation.Table{Users, Posts, Likes}

// Fill draws rows. of has the table of each row.
func Fill(t *rapid.T) (rows []relation.Row, of []*relation.Table) {
	some := rapid.IntRange(0, 9).Draw(t, "fill")
	keep := func() bool { return rapid.IntRange(0, 9).Draw(t, "keep") < some }
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"} {
		for _, table := range []*relation.Table{Users, Posts} {
			if keep() {
				r := Row(t, table)
				r[0] = id
				rows, of = append(rows, r), append(of, table)
			}
		}
		for _, user := range []string{"a", "b", "c"} {
			if keep() {
				rows, of = append(rows, relation.Row{id, user, Value(t, Likes.Columns[2])}), append(of, Likes)
			}
		}
	}
	return rows, of
}
