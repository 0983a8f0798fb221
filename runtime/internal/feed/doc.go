// Package feed keeps the topics of published events: those of published streams, channels, presence and cursors. A feed has the topic
// that subscribers follow and, where the server keeps it, the value that the events have made.
//
// What is published reaches feeds through the bus of the server: each server that holds a feed with a key is subscribed to the channel
// of that key. Joins and departures in presence come from package presence and are applied to the feeds of this server only.
//
// A feed knows what was published since this server has made it. Where several servers share a bus, a feed that one of them makes later
// does not have the value of the others.
//
// Feeds know nothing of connections and calls. Who publishes entries of its own is an [Owner]; what depends on the events of a stream
// is told by Config.Changed.
package feed
