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

// Overview lists the rooms and channels that are open at one moment, for the console.
type Overview struct {
	Rooms    []OpenRoom    `json:"rooms"`
	Channels []OpenChannel `json:"channels"`
}

// OpenRoom is a room that has members, or had some within the grace time.
type OpenRoom struct {
	Name        string          `json:"name"`        // module/room
	Args        json.RawMessage `json:"args"`        // a JSON array
	Connections int             `json:"connections"` // number of connections in it
	Members     json.RawMessage `json:"members"`     // the entries of its presence; null if it has none
	Cursors     int             `json:"cursors"`     // number of cursors
}

// OpenChannel is a topic of a channel or a published stream that is in memory.
type OpenChannel struct {
	Name      string          `json:"name"`
	Args      json.RawMessage `json:"args"` // a JSON array
	Followers int             `json:"followers"`
	Value     json.RawMessage `json:"value"` // the value that is kept, or null
}

// Overview lists the rooms and channels that are open now, ordered by name.
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

// serveOverview serves the Overview to the console.
func (s *Server) serveOverview(w http.ResponseWriter, _ *http.Request) {
	body, err := json.Marshal(s.Overview())
	if err != nil {
		gateway.WriteError(w, &Error{Code: CodeInternal, Message: "The rooms cannot be written"})
		return
	}
	gateway.WriteJSON(w, body)
}
