// Package feed keeps the topics of published events: those of published streams, channels, presence and cursors. A feed has the topic
// that subscribers follow and, where the server keeps it, the value that the events have made.
//
// Feeds know nothing of connections and calls. Who publishes entries of its own is an [Owner]; what depends on the events of a stream
// is told by Config.Changed.
package feed
