// Package topic holds topics: append-only logs of events, each event encoded once for all followers, and the fan-out that wakes followers.
//
// A follower keeps an offset and reads from it when it can send; nothing is queued for it. The log drops old events. A follower that is
// further behind than the log reaches must get the data anew: slow readers cost no memory.
package topic
