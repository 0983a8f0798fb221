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
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/signin"
	"github.com/livec-lang/livec/runtime/store"
)

var errNoSecret = errors.New("a session cannot start without a secret: set LIVE_SECRET (Options.Secret)")

// sessionToken is what names the caller's session: the session that this call has started, or that of its cookie.
func (c *Call) sessionToken() (signin.Token, bool) {
	switch s := c.server; {
	case c.in.Session.Changed:
		token := c.in.Session.Token
		return signin.Token(token), token != ""
	case s.cookies == nil || !s.reg.app.Sessions:
		return "", false
	default:
		value, ok := c.in.Caller.Cookie(s.cookieNames[c.in.Caller.Secure])
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
	case c.in.Tx == nil:
		return "", false, errors.New("a session is read in a transaction, and the mode of this call is Pure")
	}
	session, err := signin.Find(c.in.Tx, token, c.Now())
	if err != nil || session == nil {
		return "", false, err
	}
	c.in.Credentials.Rely(session.Ends, session.ID)
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
	token, ends, err := signin.Start(c.in.Tx, key, c.Now(), s.opt.SessionAge)
	if err != nil {
		return err
	}
	value, err := s.cookies.Seal(string(token))
	if err != nil {
		return err
	}
	c.in.Session = identity.SessionChange{Changed: true, Token: string(token), Cookie: value, Ends: ends}
	return nil
}

// EndSession signs the caller out: it ends its session, wherever its cookie has come to.
func (c *Call) EndSession() error {
	token, ok := c.sessionToken()
	c.in.Session = identity.SessionChange{Changed: true}
	if !ok {
		return nil
	}
	return signin.End(c.in.Tx, token)
}

// EndSessions ends all sessions of the user with this key, and gives how many there were.
func (c *Call) EndSessions(key string) (int64, error) {
	n, err := signin.EndAll(c.in.Tx, key, "")
	return int64(n), err
}

// EndOtherSessions is EndSessions but for the caller's own session.
func (c *Call) EndOtherSessions(key string) (int64, error) {
	own, _ := c.sessionToken()
	n, err := signin.EndAll(c.in.Tx, key, own)
	return int64(n), err
}

// StartSession signs a user in outside of a call, such as from a handler of a program of its own, and gives the cookie to answer r with.
func (s *Server) StartSession(ctx context.Context, key string, r *http.Request) (*http.Cookie, error) {
	from := s.httpCaller(r)
	var change identity.SessionChange
	_, err := s.runner.Do(ctx, invoke.Request{
		Spec: invoke.Spec{Path: "session", Mode: Write}, From: from, As: invoke.System,
		Do: func(in *invoke.Invocation) error {
			err := callOf(in).StartSession(key)
			change = in.Session
			return err
		},
	})
	if err != nil {
		return nil, err
	}
	return s.sessionCookie(from.Secure, change.Cookie, change.Ends), nil
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
	s.tasks.Go(func() {
		err := s.maintain(func(tx store.Tx) error { return signin.Seen(tx, id, s.runner.Now()) })
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
	_, err := s.runner.Do(s.ctx, invoke.Request{
		Spec: invoke.Spec{Path: "session", Mode: Write}, From: &identity.Caller{}, As: invoke.System,
		Do: func(in *invoke.Invocation) error { return fn(in.Tx) },
	})
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
			s.tasks.Go(func() { w.run(s) })
		}
	})
}

// run deletes what there is, a bounded number in each transaction, so that calls come in between.
func (w *sweeper) run(s *Server) {
	for more := true; more && s.ctx.Err() == nil; {
		err := s.maintain(func(tx store.Tx) (err error) {
			more, err = signin.Sweep(tx, s.runner.Now())
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
