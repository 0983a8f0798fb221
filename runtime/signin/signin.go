// Package signin stores sessions, one row each. A browser has a token that names its session. The row has only a hash of the token, so
// those who read the database cannot sign in with it. A session ends when its row is deleted or when it expires.
package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

const (
	tokenBytes = 32        // of a token: 256 random bits
	seenEach   = time.Hour // "seen" of a session is written at most once in this time
	sweepRows  = 256       // the most rows that one call of Sweep deletes
)

// The columns of Table.
const (
	colID   = iota // SHA-256 of the token, in base64url
	colWho         // key of the user, as a text
	colMade        // when it started
	colSeen        // when it was last used, to the hour
	colEnds        // when it ends
)

// Table is the table of sessions. It is not hidden: what has read a session is computed again when the session ends.
var Table = &relation.Table{
	Name: relation.SystemPrefix + "session",
	Columns: relation.Schema{
		{Name: "id", Kind: relation.Text, Secret: true}, {Name: "who", Kind: relation.Text}, {Name: "made", Kind: relation.Time},
		{Name: "seen", Kind: relation.Time}, {Name: "ends", Kind: relation.Time},
	},
	Key:   []int{colID},
	Index: [][]int{{colWho}, {colEnds}},
}

// Queries are the queries of this package.
var Queries = []*relation.Query{ofUser, ended}

var (
	ofUser = query("sessions of a user", filter(relation.Eq, colWho), colWho)
	ended  = query("sessions that have ended", &relation.Limit{N: sweepRows, Input: filter(relation.Le, colEnds)}, colEnds)
)

// filter selects the rows for which a comparison of a column with the parameter holds.
func filter(op relation.Op, col int) relation.Node {
	kind := Table.Columns[col].Kind
	return &relation.Filter{
		Input: &relation.Scan{Table: Table},
		Cond: &relation.Binary{
			Op: op, Kind: relation.Bool, Of: kind,
			L: &relation.Col{Index: col, Kind: kind}, R: &relation.Param{Kind: kind},
		},
	}
}

// query is a query with one parameter, which is compared with a column.
func query(name string, plan relation.Node, col int) *relation.Query {
	return chain.NewQuery(name, plan, relation.Column{Name: Table.Columns[col].Name, Kind: Table.Columns[col].Kind})
}

// Token is what a browser has of a session: unguessable random bytes.
type Token string

// ID is the key of the token's row.
func (t Token) ID() string {
	sum := sha256.Sum256([]byte(t))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Session is a session that has not expired.
type Session struct {
	ID   string // the key of its row
	Who  string // the key of its user
	Ends time.Time
	Late bool // Seen should be called
}

// Start starts a session of the user with the key who, which ends after age.
func Start(tx store.Tx, who string, now time.Time, age time.Duration) (Token, time.Time, error) {
	token := make([]byte, tokenBytes)
	rand.Read(token) // never fails
	t := Token(token)
	ends, err := StartAs(tx, t, who, now, age)
	return t, ends, err
}

// StartAs is Start with a token, which nobody can guess.
func StartAs(tx store.Tx, t Token, who string, now time.Time, age time.Duration) (time.Time, error) {
	at, ends := now.UnixMilli(), now.Add(age).UnixMilli()
	err := tx.Insert(Table, relation.Row{t.ID(), who, at, at, ends})
	return time.UnixMilli(ends).UTC(), err
}

// Find gives the session of a token, or nil if there is none or it has expired.
func Find(tx store.Tx, t Token, now time.Time) (*Session, error) {
	id := t.ID()
	row, err := tx.Get(Table, relation.Row{id})
	if err != nil || row == nil || row[colEnds].(int64) <= now.UnixMilli() {
		return nil, err
	}
	return &Session{
		ID: id, Who: row[colWho].(string), Ends: time.UnixMilli(row[colEnds].(int64)).UTC(),
		Late: due(row, now),
	}, nil
}

func due(row relation.Row, now time.Time) bool {
	return now.Sub(time.UnixMilli(row[colSeen].(int64))) >= seenEach
}

// Seen records that the session with this key was used, unless that was recorded less than an hour ago or the session has ended.
func Seen(tx store.Tx, id string, now time.Time) error {
	row, err := tx.Get(Table, relation.Row{id})
	if err != nil || row == nil || !due(row, now) {
		return err
	}
	fresh := append(relation.Row(nil), row...)
	fresh[colSeen] = now.UnixMilli()
	return tx.Update(Table, row, fresh)
}

// End ends the session of a token. It does nothing if there is none.
func End(tx store.Tx, t Token) error {
	row, err := tx.Get(Table, relation.Row{t.ID()})
	if err != nil || row == nil {
		return err
	}
	return tx.Delete(Table, row)
}

// EndAll ends all sessions of the user with the key who, except that of keep, if it is not empty. It returns how many it has ended.
func EndAll(tx store.Tx, who string, keep Token) (n int, err error) {
	rows, err := tx.Query(ofUser, who)
	if err != nil {
		return 0, err
	}
	kept := ""
	if keep != "" {
		kept = keep.ID()
	}
	for _, row := range rows {
		if row[colID] == kept {
			continue
		}
		if err := tx.Delete(Table, row); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Sweep deletes expired sessions, 256 at most. It reports whether there may be more.
func Sweep(tx store.Tx, now time.Time) (more bool, err error) {
	rows, err := tx.Query(ended, now.UnixMilli())
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		if err := tx.Delete(Table, row); err != nil {
			return false, err
		}
	}
	return len(rows) == sweepRows, nil
}
