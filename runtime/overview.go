package runtime

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/gateway"
)

// roomsPath is where the console reads which rooms and channels are open.
const roomsPath = "/_live/rooms.json"

// Overview is which rooms and channels are open at a moment, as the console shows it.
type Overview struct {
	Rooms    []OpenRoom    `json:"rooms"`
	Channels []OpenChannel `json:"channels"`
}

// OpenRoom is a room that somebody is in, or was in a grace time ago.
type OpenRoom struct {
	Name        string          `json:"name"`        // module/room
	Args        json.RawMessage `json:"args"`        // a JSON array
	Connections int             `json:"connections"` // that are in it
	Members     json.RawMessage `json:"members"`     // the entries of its presence, or null where it has none
	Cursors     int             `json:"cursors"`     // that are shown
}

// OpenChannel is a topic of a channel or a published stream that somebody follows, or followed a while ago.
type OpenChannel struct {
	Name      string          `json:"name"`
	Args      json.RawMessage `json:"args"` // a JSON array
	Followers int             `json:"followers"`
	Value     json.RawMessage `json:"value"` // what is kept, or null where nothing is
}

// Overview gives which rooms and channels are open now, in the order of their names.
func (s *Server) Overview() Overview {
	o := Overview{Rooms: []OpenRoom{}, Channels: []OpenChannel{}}
	open := s.feeds.Open()
	for _, info := range s.rooms.Open() {
		r := OpenRoom{Name: info.Key.Stream, Args: json.RawMessage(info.Key.Topic), Connections: info.Connections, Members: info.Members}
		if r.Members == nil {
			r.Members = json.RawMessage("null")
		}
		if f := open[feed.Key{Stream: r.Name + contract.CursorsPart, Topic: info.Key.Topic}]; f != nil {
			r.Cursors = f.Len()
		}
		o.Rooms = append(o.Rooms, r)
	}
	for key, f := range open {
		if s.catalog.Streams[key.Stream].Room != nil {
			continue
		}
		c := OpenChannel{Name: key.Stream, Args: json.RawMessage(key.Topic), Followers: f.Topic().Followers(), Value: json.RawMessage("null")}
		if f.Kept() {
			c.Value, _ = f.Value(nil)
		}
		o.Channels = append(o.Channels, c)
	}
	slices.SortFunc(o.Rooms, func(a, b OpenRoom) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(string(a.Args), string(b.Args)))
	})
	slices.SortFunc(o.Channels, func(a, b OpenChannel) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(string(a.Args), string(b.Args)))
	})
	return o
}

// serveOverview serves the console.
func (s *Server) serveOverview(w http.ResponseWriter, _ *http.Request) {
	body, err := json.Marshal(s.Overview())
	if err != nil {
		gateway.WriteError(w, &Error{Code: CodeInternal, Message: "The rooms cannot be written"})
		return
	}
	gateway.WriteJSON(w, body)
}
