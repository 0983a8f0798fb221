// Package session is one client's side of the server: what waits to be sent to it, in what order, in which frames, and how it is told when it stays behind. Melody carries the
// frames of WebSockets; it is transport only.
//
// A session has a queue of replies and a position in each topic it follows. While a frame is on its way nothing is written: once it is out, what has come up meanwhile goes
// into the next frame, replies first. So a busy client costs one write for many messages, and a quiet one waits for nothing: there is no timer.
package session
