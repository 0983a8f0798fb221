// Package topic holds topics: append-only logs of events, each event encoded once for all who follow, and the fan-out that tells followers of news.
//
// A follower keeps a position and reads from it when it can send; nothing is queued for it. Whoever stays behind further than the log reaches has lost its place and must be
// given the data anew: slow readers cost no memory.
package topic
