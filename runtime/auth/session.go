package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/securecookie"
)

const (
	cookieName = "live_session" // is signed with the value, so that no other signed cookie passes for a session
	sessionAge = 30 * 24 * time.Hour
	minSecret  = 32
)

// ErrSecret tells that a secret is too short to sign with.
var ErrSecret = errors.New("a secret has at least 32 bytes")

// Sessions makes and reads the values of session cookies: the key of the session with the time of signing, authenticated with HMAC-SHA-256. The key is signed, not encrypted, so it
// must name a user and not be a secret itself. It is safe for concurrent use.
type Sessions struct{ codec *securecookie.SecureCookie }

// NewSessions derives the signing key from the server's secret. Servers with the same secret read each other's cookies.
func NewSessions(secret []byte) (*Sessions, error) { return newSessions(secret, sessionAge) }

func newSessions(secret []byte, age time.Duration) (*Sessions, error) {
	if len(secret) < minSecret {
		return nil, ErrSecret
	}
	// RFC 5869: one secret may serve several purposes, each with a key of its own.
	key, err := hkdf.Key(sha256.New, secret, nil, "live session cookie v1", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("deriving the key of session cookies: %w", err)
	}
	codec := securecookie.New(key, nil).SetSerializer(securecookie.NopEncoder{}).MaxAge(int(age / time.Second))
	return &Sessions{codec: codec}, nil
}

// Seal gives the value of a cookie that carries key, and for how long it is good. Keys of more than about 2,900 bytes do not fit into a cookie.
func (s *Sessions) Seal(key string) (value string, maxAge time.Duration, err error) {
	value, err = s.codec.Encode(cookieName, []byte(key))
	if err != nil {
		return "", 0, fmt.Errorf("signing the session's cookie: %w", err)
	}
	return value, sessionAge, nil
}

// Open gives the key in the value of a cookie, and whether it is genuine and not expired.
func (s *Sessions) Open(value string) (key string, ok bool) {
	var b []byte
	if err := s.codec.Decode(cookieName, value, &b); err != nil {
		return "", false
	}
	return string(b), true
}
