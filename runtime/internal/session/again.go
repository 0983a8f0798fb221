package session

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/signin"
)

// A call with a key that starts a session is answered again with its cookie when it is sent again. The token of its session is not stored:
// it is made of the secret of the server, the key, which only the client has, and a nonce, which is stored with the answer. So who reads
// the database cannot make it, even with the secret.

// ended marks a call that has ended the session of its caller.
const ended = "-"

// tokenOf is the token of the session of a call with a key.
func tokenOf(secret, seed []byte, nonce string) signin.Token {
	h := hmac.New(sha256.New, secret)
	h.Write(seed) // never fails; it has a fixed length
	h.Write([]byte(nonce))
	return signin.Token(h.Sum(nil))
}

// startAgain starts a session whose token a repeated call can make again.
func (m *Manager) startAgain(in *invoke.Invocation, key string) error {
	nonce := rand.Text()
	token := tokenOf(m.seeds[0], in.SessionSeed(), nonce)
	ends, err := signin.StartAs(in.Tx, token, key, in.Now(), m.cfg.Age)
	if err != nil {
		return err
	}
	in.Session, err = m.started(token, ends)
	in.Session.Mark = nonce
	return err
}

// started is the change of a run that has started a session.
func (m *Manager) started(token signin.Token, ends time.Time) (identity.SessionChange, error) {
	value, err := m.cookies.Seal(string(token))
	if err != nil {
		return identity.SessionChange{}, err
	}
	return identity.SessionChange{Changed: true, Token: string(token), Cookie: value, Ends: ends}, nil
}

// Resume gives the change of a call that is repeated, from what was stored of it. If its session has ended since, the caller has none.
func (m *Manager) Resume(in *invoke.Invocation, mark string) (identity.SessionChange, error) {
	switch {
	case mark == "":
		return identity.SessionChange{}, nil
	case mark == ended || m.cookies == nil:
		return identity.SessionChange{Changed: true, Mark: mark}, nil
	}
	for _, secret := range m.seeds {
		token := tokenOf(secret, in.SessionSeed(), mark)
		s, err := signin.Find(in.Tx, token, in.Now())
		if err != nil {
			return identity.SessionChange{}, fmt.Errorf("looking for the session of a repeated call: %w", err)
		}
		if s != nil {
			return m.started(token, s.Ends)
		}
	}
	return identity.SessionChange{Changed: true, Mark: ended}, nil
}
