package runtime

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/signin"
	"github.com/livec-lang/livec/runtime/store"
)

// sessionChange is what a call does to the cookie of its caller once it has succeeded.
type sessionChange struct {
	changed bool
	token   signin.Token // of the session that it has started; "" where it has ended the caller's
	cookie  string       // the value that carries the token
	ends    time.Time
}

// standing is what the answer of a check rests on besides rows: the sessions and tokens that it has accepted, and the instant at which the
// first of them runs out.
type standing struct {
	until time.Time // zero for no end
	proof string    // names what was accepted
}

// rest notes that the answer of the call rests on what proof names, which runs out at until.
func (c *Call) rest(until time.Time, proof string) {
	if c.standing.until.IsZero() || until.Before(c.standing.until) {
		c.standing.until = until
	}
	c.standing.proof += proof
}

// over tells whether what an answer rests on has run out by now.
func (st *standing) over(s *Server) bool { return !st.until.IsZero() && !s.now().Before(st.until) }

var errNoSecret = errors.New("a session cannot start without a secret: set LIVE_SECRET (Options.Secret)")

// sessionToken is what names the caller's session: the session that this call has started, or that of its cookie.
func (c *Call) sessionToken() (signin.Token, bool) {
	switch s := c.server; {
	case c.session.changed:
		return c.session.token, c.session.token != ""
	case s.cookies == nil || !s.reg.app.Sessions:
		return "", false
	default:
		value, ok := c.caller.cookie(s.cookieNames[c.caller.secure])
		if !ok {
			return "", false
		}
		token, ok := s.cookies.Open(value)
		return signin.Token(token), ok
	}
}

// SessionKey is the key of the user that the caller is signed in as, and whether it is signed in. It reads the row of the session in the
// call's transaction.
func (c *Call) SessionKey() (key string, ok bool, err error) {
	token, ok := c.sessionToken()
	switch {
	case !ok:
		return "", false, nil
	case c.tx == nil:
		return "", false, errors.New("a session is read in a transaction, and the mode of this call is Pure")
	}
	session, err := signin.Find(c.tx, token, c.Now())
	if err != nil || session == nil {
		return "", false, err
	}
	c.rest(session.Ends, session.ID)
	if session.Late {
		c.server.seen.note(c.server, session.ID)
	}
	return session.Who, true, nil
}

// StartSession signs the caller in as the user with this key: it makes a session in the call's transaction, in the place of the one that
// the caller had. Once the call has succeeded, a signed HttpOnly cookie names it.
func (c *Call) StartSession(key string) error {
	s := c.server
	switch {
	case s.cookies == nil:
		return errNoSecret
	case !s.reg.app.Sessions:
		return errors.New("a session cannot start in an app that declares none: set App.Sessions")
	}
	if err := c.EndSession(); err != nil {
		return err
	}
	token, ends, err := signin.Start(c.tx, key, c.Now(), s.opt.SessionAge)
	if err != nil {
		return err
	}
	value, err := s.cookies.Seal(string(token))
	if err != nil {
		return err
	}
	c.session = sessionChange{changed: true, token: token, cookie: value, ends: ends}
	return nil
}

// EndSession signs the caller out: it ends its session, wherever its cookie has come to.
func (c *Call) EndSession() error {
	token, ok := c.sessionToken()
	c.session = sessionChange{changed: true}
	if !ok {
		return nil
	}
	return signin.End(c.tx, token)
}

// EndSessions ends all sessions of the user with this key, and gives how many there were.
func (c *Call) EndSessions(key string) (int64, error) {
	n, err := signin.EndAll(c.tx, key, "")
	return int64(n), err
}

// EndOtherSessions is EndSessions but for the caller's own session.
func (c *Call) EndOtherSessions(key string) (int64, error) {
	own, _ := c.sessionToken()
	n, err := signin.EndAll(c.tx, key, own)
	return int64(n), err
}

// StartSession signs a user in outside of a call, such as from a handler of a program of its own, and gives the cookie to answer r with.
func (s *Server) StartSession(ctx context.Context, key string, r *http.Request) (*http.Cookie, error) {
	from := s.httpCaller(r)
	var change sessionChange
	err := s.perform(ctx, "session", Write, from, nobody, func(c *Call) error {
		err := c.StartSession(key)
		change = c.session
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.sessionCookie(from.secure, change.cookie, change.ends), nil
}

// openSessions makes ready to sign sessions, where there is a secret to sign them with.
func (s *Server) openSessions() error {
	name := cookieName(s.reg.app.Name)
	s.cookieNames = map[bool]string{false: name, true: hostPrefix + name}
	if len(s.opt.Secret) == 0 {
		if len(s.opt.OldSecrets) > 0 {
			return errors.New("Options.OldSecrets are set without Options.Secret, which signs")
		}
		return nil
	}
	var err error
	s.cookies, err = auth.NewCookies(name, append([][]byte{s.opt.Secret}, s.opt.OldSecrets...)...)
	if err != nil {
		return errors.Join(errors.New("Options.Secret, OldSecrets"), err)
	}
	for _, secret := range append([][]byte{s.opt.Secret}, s.opt.OldSecrets...) {
		// RFC 5869: each purpose has a key of its own.
		key, err := hkdf.Key(sha256.New, secret, nil, "live idempotency v1", sha256.Size)
		if err != nil {
			return err
		}
		s.replies.Keys = append(s.replies.Keys, key)
	}
	return nil
}

// lastSeen writes when somebody has last come with a session: seldom, and behind the calls that found that it is due.
type lastSeen struct {
	mu  sync.Mutex
	due map[string]struct{}
}

// note has "seen" of a session written. It does not wait for that, since it is called in a transaction.
func (l *lastSeen) note(s *Server, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, under := l.due[id]; under {
		return
	}
	if l.due == nil {
		l.due = map[string]struct{}{}
	}
	l.due[id] = struct{}{}
	s.spawn(func() {
		err := s.maintain(func(tx store.Tx) error { return signin.Seen(tx, id, s.now()) })
		l.mu.Lock()
		delete(l.due, id)
		l.mu.Unlock()
		if err != nil {
			s.log.Warn("that a session was seen could not be written", "error", err)
		}
	})
}

// maintain runs a transaction of the server's own.
func (s *Server) maintain(fn func(store.Tx) error) error {
	ctx, cancel := context.WithTimeout(s.ctx, defaultTimeout)
	defer cancel()
	_, err := store.Write(ctx, s.store, fn)
	return err
}

// sweepEach is how often sessions that have ended by time are deleted.
const sweepEach = time.Hour

// sweeper deletes sessions that have ended by time, from when the server starts and every hour. Until then they are no good either.
type sweeper struct {
	mu     sync.Mutex
	stop   func() bool
	closed bool
}

// arm sets the next run.
func (w *sweeper) arm(s *Server, in time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.stop = s.opt.Clock.AfterFunc(in, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.closed {
			s.spawn(func() { w.run(s) })
		}
	})
}

// run deletes what there is, a bounded number in each transaction, so that calls come in between.
func (w *sweeper) run(s *Server) {
	for more := true; more && s.ctx.Err() == nil; {
		err := s.maintain(func(tx store.Tx) (err error) {
			more, err = signin.Sweep(tx, s.now())
			return err
		})
		if err != nil {
			if s.ctx.Err() == nil {
				s.log.Warn("sessions that have ended could not be deleted", "error", err)
			}
			break
		}
	}
	w.arm(s, sweepEach)
}

func (w *sweeper) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.stop != nil {
		w.stop()
	}
}
