// Package feed keeps the topics of published events: those of published streams, channels, presence and cursors. A feed has the topic that
// subscribers follow and, if the server keeps it, the value that results from the events.
//
// Events reach feeds through the bus of the server: each server that holds a feed with a key is subscribed to the channel of that key.
// Members that join or leave come from package presence, and are applied only to the feeds of this server.
//
// A feed has the events since this server has made it. If several servers share a bus, a feed that one of them makes later does not have
// the value of the others.
//
// Feeds do not depend on connections and calls. Who publishes entries of its own is an [Owner]; Config.Changed reports the events of a
// stream to what depends on them.
package feed
