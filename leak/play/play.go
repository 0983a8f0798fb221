package play

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// patience is how long the first server-sent event may take, on a slow machine.
const patience = 20 * time.Second

// players are the callers of TestSecrets: two users and nobody.
func players() []*caller {
	return []*caller{
		{name: "ann", ip: "198.51.100.1", key: Ann},
		{name: "bob", ip: "198.51.100.2", key: Bob},
		{name: "nobody", ip: "198.51.100.3"},
	}
}

// The keys of the two users.
const (
	Ann = "01900000-0000-7000-8000-0000000000a1"
	Bob = "01900000-0000-7000-8000-0000000000b2"
)

// Enter is the rpc that signs a caller in as the user with a key.
const Enter = "app/enter"

// note is the output of one step.
type note struct {
	step     string
	did      bool     // a step that must fail has succeeded
	at       int      // index of the step in the script
	out      []string // as received
	compared []string // the part that must be the same for both databases
}

// run is one of the two runs of a script.
type run struct {
	t      testing.TB
	which  int // of the two databases
	env    *livetest.Env
	web    *httptest.Server
	log    *logger
	who    []*caller
	calls  uint32
	events sync.WaitGroup

	sockets []*socket // of the module that is being played
}

func newRun(t testing.TB, registry *live.Registry, script *Script, which int, who []*caller) *run {
	t.Helper()
	r := &run{t: t, which: which, log: &logger{}, who: who}
	r.env = livetest.New(t, registry, func(o *live.Options) {
		o.Logger = r.log.logger()
		o.ClientIP = clientIP
		o.LookupEnv = func(string) (string, bool) { return script.Key[which], true }
	})
	r.web = httptest.NewServer(r.env.Server)
	return r
}

// addressHeader is a header with the address that a request claims to come from.
const addressHeader = "X-Test-Address"

func clientIP(r *http.Request) string {
	if ip := r.Header.Get(addressHeader); ip != "" {
		return ip
	}
	ip, _, _ := strings.Cut(r.RemoteAddr, ":")
	return ip
}

func (r *run) close() {
	r.web.Close()
	r.env.Close()
}

// seed is the key of the next call. It is the same for both databases, so that the ids that the call makes are too.
func (r *run) seed() string {
	r.calls++
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(r.env.Clock.Now().UnixMilli())<<16)
	u[6], u[8] = 0x70, 0x80
	binary.BigEndian.PutUint32(u[12:], r.calls)
	return u.String()
}

// signIn signs the users in, so that they have cookies.
func (r *run) signIn() {
	for _, c := range r.who {
		if c.key == "" {
			continue
		}
		w := httptest.NewRecorder()
		r.env.Server.ServeHTTP(w, c.request(http.MethodPost, "/_live/rpc/"+Enter, fmt.Sprintf(`[%q]`, c.key)))
		cookies := w.Result().Cookies()
		if w.Code != http.StatusOK || len(cookies) == 0 {
			r.t.Fatalf("signing in as %s: %d %s", c.name, w.Code, w.Body)
		}
		if c.header == nil {
			c.header = http.Header{}
		}
		for _, k := range cookies {
			line := k.Name + "=" + k.Value
			if old := c.header.Get("Cookie"); old != "" {
				line = old + "; " + line
			}
			c.header.Set("Cookie", line)
		}
	}
}

// request makes a request over HTTP. It returns the answer with its headers, and the part that must be the same for both databases.
func (r *run) request(c *caller, method, target, body string, key string) (out, compared string) {
	req := c.request(method, target, body)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	r.env.Server.ServeHTTP(w, req)
	r.env.Settle()
	var head strings.Builder
	_ = w.Result().Header.Write(&head)
	return head.String() + w.Body.String(), fmt.Sprintf("%d %s", w.Code, w.Body)
}

// play runs the steps of a module and returns the output of each.
func (r *run) play(m *Module) []note {
	sockets := make([]*socket, len(r.who))
	for i, c := range r.who {
		sockets[i] = connect(r.env.Server, c)
	}
	r.env.Settle()
	ctx, stop := context.WithCancel(r.t.Context())
	heard := &heard{}
	r.sockets = sockets
	var notes []note
	for i, s := range m.Steps {
		n := note{at: i, step: fmt.Sprintf("%s %s%s as %s", s.Do, s.Name, s.Args[r.which], r.who[s.Who].name)}
		switch k, c, args := sockets[s.Who], r.who[s.Who], s.Args[r.which]; s.Do {
		case Call:
			k.send(`{"t":"call","id":%d,"m":%q,"a":%s,"k":%q}`, s.Name, args, r.seed())
		case Subscribe:
			k.send(`{"t":"sub","id":%d,"m":%q,"a":%s}`, s.Name, args)
		case Publish:
			k.send(`{"t":"pub","id":%d,"m":%q,"a":%s,"k":%q,"v":%s}`, s.Name, args, s.Event, s.Entry)
		case Advance:
			r.env.Advance(5 * time.Second)
		case Post:
			out, compared := r.request(c, http.MethodPost, "/_live/rpc/"+s.Name, args, r.seed())
			n.out, n.compared = append(n.out, out), append(n.compared, c.name+" "+compared)
		case Get:
			out, compared := r.request(c, http.MethodGet, streamTarget(s.Name, args), "", "")
			n.out, n.compared = append(n.out, out), append(n.compared, c.name+" "+compared)
		case Overview:
			open := r.overview(c, m.Name)
			n.out, n.compared = append(n.out, open...), append(n.compared, open...)
		case Events:
			first := r.listen(ctx, heard, c, streamTarget(s.Name, args))
			n.out, n.compared = append(n.out, first), append(n.compared, c.name+" "+first)
		}
		r.env.Settle()
		for i, k := range sockets {
			for _, frame := range k.take() {
				n.out = append(n.out, frame)
				n.compared = append(n.compared, r.who[i].name+" "+frame)
			}
		}
		out, compared := r.log.take()
		n.out, n.compared = append(n.out, out...), append(n.compared, compared...)
		if s.Fails {
			n.did = slices.ContainsFunc(n.compared, func(line string) bool {
				return strings.Contains(line, `{"t":"ok"`) || strings.Contains(line, `{"value":`)
			})
		}
		notes = append(notes, n)
	}
	stop()
	for _, k := range sockets {
		k.local.Close()
	}
	r.events.Wait()
	r.env.Settle()
	out, _ := r.log.take()
	return append(notes, note{step: "the end", out: append(out, heard.all()...)})
}

// overview lists the rooms and channels of a module that are open.
func (r *run) overview(c *caller, module string) []string {
	_, compared := r.request(c, http.MethodGet, "/_live/rooms.json", "", "")
	var all map[string][]json.RawMessage
	if err := json.Unmarshal([]byte(strings.TrimPrefix(compared, "200 ")), &all); err != nil {
		r.t.Fatalf("rooms.json: %v: %s", err, compared)
	}
	var out []string
	for _, list := range all {
		for _, open := range list {
			if strings.Contains(string(open), `"name":"`+module+"/") {
				out = append(out, string(open))
			}
		}
	}
	return out
}

// heard keeps server-sent events.
type heard struct {
	mu    sync.Mutex
	lines []string
}

func (h *heard) add(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, line)
}

func (h *heard) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.lines)
}

// listen opens a stream of server-sent events over the network, and returns its first message or the refusal. Later messages are added to h
// until ctx ends.
func (r *run) listen(ctx context.Context, h *heard, c *caller, target string) string {
	from := c.request(http.MethodGet, target, "")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.web.URL+from.URL.String(), http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header = from.Header
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set(addressHeader, c.ip)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	first := make(chan string, 1)
	r.events.Go(func() {
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			line := lines.Text()
			h.add(line)
			if line == "" {
				continue
			}
			select {
			case first <- line:
			default:
			}
		}
		close(first)
	})
	select {
	case line := <-first:
		return fmt.Sprintf("%d %s", resp.StatusCode, line)
	case <-time.After(patience):
		return "nothing came"
	}
}

var (
	anyID    = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyEpoch = regexp.MustCompile(`"e":"[^"]*"`)
	anyTopic = regexp.MustCompile(`"c":\d+`)
	anyPlace = regexp.MustCompile(`"(s|f)":[1-9]\d*`)
	anyKey   = regexp.MustCompile(`"~[^"]*"`)
	anyTook  = regexp.MustCompile(`\d+(\.\d+)?(ns|µs|ms|s)\b`)
)

// alike is the output of a step without what differs from run to run or depends on modules played before: ids, epochs, numbers of topics
// and commits, keys of connections, and the order of what is not ordered.
func alike(compared []string) string {
	var out []string
	for _, line := range compared {
		line = anyID.ReplaceAllString(line, "#")
		line = anyEpoch.ReplaceAllString(line, `"e":#`)
		line = anyTopic.ReplaceAllString(line, `"c":#`)
		line = anyPlace.ReplaceAllString(line, `"$1":#`)
		line = anyKey.ReplaceAllString(line, "#")
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// pages reads the pages of the server: the console with its contract, the rooms, the metrics.
func (r *run) pages() map[string]string {
	out := map[string]string{}
	for _, path := range []string{"/_live/", "/_live/contract.json", "/_live/rooms.json", "/metrics", "/healthz"} {
		resp, err := http.Get(r.web.URL + path) //nolint:noctx // the server is in this process
		if err != nil {
			r.t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			r.t.Fatalf("GET %s: %d, %v", path, resp.StatusCode, err)
		}
		out[path] = string(body)
	}
	return out
}
