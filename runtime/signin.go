package runtime

import (
	"context"
	"errors"
	"net/http"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/session"
)

// SessionKey gives the key of the user that the caller is signed in as, and whether it is signed in. It reads the row of the session in the
// call's transaction.
func (c *Call) SessionKey() (key string, ok bool, err error) { return c.server.sessions.User(c.in) }

// StartSession signs the caller in as the user with this key: it inserts a session in the call's transaction, which replaces the caller's
// present one. If the call succeeds, the caller gets a signed HttpOnly cookie for the session.
func (c *Call) StartSession(key string) error { return c.server.sessions.Start(c.in, key) }

// EndSession signs the caller out: it ends the session on all devices that have its cookie.
func (c *Call) EndSession() error { return c.server.sessions.End(c.in) }

// EndSessions ends all sessions of the user with this key, and returns how many there were.
func (c *Call) EndSessions(key string) (int64, error) {
	return c.server.sessions.EndAll(c.in, key, false)
}

// EndOtherSessions is EndSessions without the caller's own session.
func (c *Call) EndOtherSessions(key string) (int64, error) {
	return c.server.sessions.EndAll(c.in, key, true)
}

// StartSession signs a user in outside of a call, such as in an HTTP handler of the program, and returns the cookie to set in the answer to
// r.
func (s *Server) StartSession(ctx context.Context, key string, r *http.Request) (*http.Cookie, error) {
	from := s.gateway.Caller(r)
	var change identity.SessionChange
	_, err := s.runner.Do(ctx, invoke.Request{
		Spec: invoke.Spec{Path: "session", Mode: Write}, From: from, As: invoke.System,
		Do: func(in *invoke.Invocation) error {
			err := s.sessions.Start(in, key)
			change = in.Session
			return err
		},
	})
	if err != nil {
		return nil, err
	}
	return s.sessions.Cookie(from, change), nil
}

// openSessions prepares the server to sign sessions, if there is a secret.
func (s *Server) openSessions() error {
	app := &s.reg.app
	s.sessions = session.New(session.Config{
		Context: s.ctx, App: app.Name, Base: s.opt.Base, Declared: app.Sessions, Age: s.opt.SessionAge,
		Runner: s.runner, Tasks: &s.tasks, Clock: s.opt.Clock, Log: s.log,
	})
	var secrets [][]byte
	switch {
	case len(s.opt.Secret) > 0:
		secrets = append([][]byte{s.opt.Secret}, s.opt.OldSecrets...)
	case len(s.opt.OldSecrets) > 0:
		return errors.New("Options.OldSecrets is set, but not Options.Secret, which signs")
	}
	err := s.sessions.Sign(secrets)
	if err == nil {
		s.replies.Keys, err = session.DeriveKeys(secrets, "live idempotency v1")
	}
	if err != nil {
		return errors.Join(errors.New("Options.Secret, OldSecrets"), err)
	}
	return nil
}

// sentSecurely reports whether the cookies for the client of a request are for HTTPS.
func (s *Server) sentSecurely(r *http.Request) bool {
	switch s.opt.SecureCookies {
	case On:
		return true
	case Off:
		return false
	case Auto:
		return s.opt.Production || s.front.HTTPS(r)
	default:
		panic("runtime: no such Switch")
	}
}
