// Package outbound holds the queue of what one client is sent: which messages wait, in what order and in which frames they are sent,
// and what happens when the client reads too slowly. Melody carries the frames of WebSockets; it is only a transport.
//
// A queue has replies that wait and an offset in each topic that the client follows. While a frame is in flight nothing is written.
// Once it is out, all that has come up meanwhile goes into the next frame, replies first. So a busy client costs one write for many
// messages, and an idle client waits for nothing: there is no timer.
package outbound
