// Package sqlite is the store on an embedded SQLite database, through modernc.org/sqlite.
//
// One goroutine owns the connection that writes. It takes the calls that were submitted during its last commit and runs each within a
// savepoint of its own, with the hooks after it. One COMMIT then makes all of them durable (group commit; DeWitt et al., "Implementation
// techniques for main memory database systems", SIGMOD 1984). No call is answered before that COMMIT, not even one that failed: it may
// have failed because of what another call of the group wrote.
//
// Readers have connections of their own. In WAL mode (https://sqlite.org/wal.html) a reader sees the database as it was at its first
// statement, whatever is written meanwhile.
//
// The driver is used without database/sql: the pool, the prepared statements and their owners are all known here.
package sqlite
