// Package abuse attacks a server that livec has built: with floods, with peers that do not read, and with requests that want more than
// there is. While an attack goes on, a neighbour uses the same server and must notice nothing but a delay. Afterwards the server must be
// as it was before.
//
// The server runs in a process of its own with little memory. The tests run each attack for a moment; LIVE_ABUSE_LONG=1 runs each for up to
// two minutes, compares the neighbour's times with those before the attack, and prints a table.
//
// The IDs are those of the list of what was once possible. A16, setting the clock of the machine back, is not here but in the tests of
// runtime/internal/instant, since a test cannot set that clock.
package abuse
