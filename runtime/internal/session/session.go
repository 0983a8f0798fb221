// Package session signs users in and out. It keeps the rows of sessions, which package signin describes, and the cookies that name them.
package session

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/tasks"
	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/signin"
	"github.com/livec-lang/livec/runtime/store"
)

// Config is what a Manager needs. All fields but Base are required.
type Config struct {
	Context  context.Context // ends with the server
	App      string          // the name of the app, which is part of the cookie's name
	Base     string          // the path below which the app is served, such as /app; "" for the root
	Declared bool            // whether the app has the table of sessions
	Age      time.Duration   // from signing in to the end of a session
	Runner   *invoke.Runner
	Tasks    *tasks.Group
	Clock    clock.Clock
	Log      *slog.Logger
}

// Manager manages the sessions of a server. Call Sign before it is used. It is safe for concurrent use.
type Manager struct {
	cfg     Config
	names   [2]string     // of the cookie, over HTTP and over HTTPS
	cookies *auth.Cookies // nil without a secret
	seeds   [][]byte      // keys that make the tokens of calls with a key

	mu     sync.Mutex
	due    map[string]struct{} // sessions whose "seen" is being written
	sweep  linger.Timer
	closed bool
}

// New makes a Manager.
func New(cfg Config) *Manager {
	name, prefix := cookieName(cfg.App), hostPrefix
	if cfg.Base != "" {
		prefix = securePrefix
	}
	return &Manager{cfg: cfg, names: [2]string{name, prefix + name}, due: map[string]struct{}{}}
}

// Sign sets the secrets that sign cookies: new cookies are signed by the first, and cookies signed by any of them are valid. Without a
// secret no session can start. The error says what is wrong with the secrets.
func (m *Manager) Sign(secrets [][]byte) (err error) {
	m.cookies = nil
	if len(secrets) == 0 {
		return nil
	}
	if m.seeds, err = DeriveKeys(secrets, "live session token v1"); err == nil {
		m.cookies, err = auth.NewCookies(m.names[0], secrets...)
	}
	return err
}

// DeriveKeys derives a key from each secret for another purpose (RFC 5869), so that no key serves two purposes.
func DeriveKeys(secrets [][]byte, purpose string) (keys [][]byte, err error) {
	for _, secret := range secrets {
		key, err := hkdf.Key(sha256.New, secret, nil, purpose, sha256.Size)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// Start signs the caller of a run in as the user with this key. The session replaces the one that the caller had.
func (m *Manager) Start(in *invoke.Invocation, key string) error {
	switch {
	case m.cookies == nil:
		return errors.New("a session cannot start without a secret: set LIVE_SECRET (Options.Secret)")
	case !m.cfg.Declared:
		return errors.New("a session cannot start in an app that declares none: set App.Sessions")
	}
	if err := m.End(in); err != nil {
		return err
	}
	if in.SessionSeed() != nil {
		return m.startAgain(in, key)
	}
	token, ends, err := signin.Start(in.Tx, key, in.Now(), m.cfg.Age)
	if err != nil {
		return err
	}
	in.Session, err = m.started(token, ends)
	return err
}

// End ends the session of the caller, on all devices that have its cookie.
func (m *Manager) End(in *invoke.Invocation) error {
	token, ok := m.token(in)
	in.Session = identity.SessionChange{Changed: true, Mark: ended}
	if !ok {
		return nil
	}
	return signin.End(in.Tx, token)
}

// EndAll ends all sessions of the user with this key, except the caller's own if keep is set. It returns how many it has ended.
func (m *Manager) EndAll(in *invoke.Invocation, key string, keep bool) (int64, error) {
	var own signin.Token
	if keep {
		own, _ = m.token(in)
	}
	n, err := signin.EndAll(in.Tx, key, own)
	return int64(n), err
}

// User gives the key of the user that the caller is signed in as, and whether it is signed in. It reads the row of the session in the
// transaction of the run, which relies on the session from then on.
func (m *Manager) User(in *invoke.Invocation) (key string, ok bool, err error) {
	token, ok := m.token(in)
	switch {
	case !ok:
		return "", false, nil
	case in.Tx == nil:
		return "", false, errors.New("a session is read in a transaction, but the mode of this call is Pure")
	}
	s, err := signin.Find(in.Tx, token, in.Now())
	if err != nil || s == nil {
		return "", false, err
	}
	in.Credentials.Rely(s.Ends, s.ID)
	if s.Late {
		m.seen(s.ID)
	}
	return s.Who, true, nil
}

// token names the caller's session: the one that this run has started, or that of its cookie.
func (m *Manager) token(in *invoke.Invocation) (signin.Token, bool) {
	switch {
	case in.Session.Changed:
		return signin.Token(in.Session.Token), in.Session.Token != ""
	case m.cookies == nil || !m.cfg.Declared:
		return "", false
	}
	value, ok := in.Caller.Cookie(m.name(in.Caller.Secure))
	if !ok {
		return "", false
	}
	return m.Open(value)
}

// Open reads the token from the value of a cookie. ok is false if none of the secrets has signed the cookie.
func (m *Manager) Open(cookie string) (token signin.Token, ok bool) {
	value, ok := m.cookies.Open(cookie)
	return signin.Token(value), ok
}

// write runs a transaction on the rows of sessions.
func (m *Manager) write(fn func(tx store.Tx) error) error {
	_, err := m.cfg.Runner.Do(m.cfg.Context, invoke.Request{
		Spec: invoke.Spec{Path: "session", Mode: invoke.Write}, From: &identity.Caller{}, As: invoke.System,
		Do: func(in *invoke.Invocation) error { return fn(in.Tx) },
	})
	return err
}
