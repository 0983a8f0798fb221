// Package sqlite is the store on an embedded SQLite database, through modernc.org/sqlite.
//
// One goroutine owns the connection that writes. It takes whatever was submitted while its last commit ran, runs each call behind a savepoint of its own, and makes all
// of them durable with one COMMIT (group commit; DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD 1984). Nothing is answered before
// that COMMIT, not even a failure, since a failure may rest on what another call of the group wrote.
//
// Readers have connections of their own. In WAL mode (https://sqlite.org/wal.html) each sees the snapshot of its first statement, however much is written meanwhile.
//
// The driver is used without database/sql: the pool, the prepared statements and their owners are all known here.
package sqlite
