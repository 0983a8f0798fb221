package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/gorilla/securecookie"
)

// MinSecret is how many bytes a secret has at least.
const MinSecret = 32

// ErrSecret means that a secret is too short to sign with.
var ErrSecret = errors.New("a secret needs at least 32 bytes")

// Cookies signs and reads the values of one cookie, authenticated with HMAC-SHA-256. The name of the cookie is signed with the value, so
// that no other signed cookie is accepted in its stead. Values are signed and not encrypted, and do not expire. Cookies is safe for
// concurrent use.
type Cookies struct {
	name   string
	codecs []securecookie.Codec
}

// NewCookies derives the signing keys of the cookie from the secrets of the server: the first signs, and what any of them has signed can
// be read.
func NewCookies(name string, secrets ...[]byte) (*Cookies, error) {
	c := &Cookies{name: name}
	for i, secret := range secrets {
		if len(secret) < MinSecret {
			err := fmt.Errorf("it has %d bytes: %w", len(secret), ErrSecret)
			if len(secrets) > 1 {
				err = fmt.Errorf("secret %d of %d: %w", i+1, len(secrets), err)
			}
			return nil, err
		}
		// RFC 5869: one secret may serve several purposes, each with a key of its own.
		key, err := hkdf.Key(sha256.New, secret, nil, "live session cookie v2", sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("deriving the key of session cookies: %w", err)
		}
		c.codecs = append(c.codecs, securecookie.New(key, nil).SetSerializer(securecookie.NopEncoder{}).MaxAge(0))
	}
	return c, nil
}

// Seal gives the value of the cookie that carries a text of up to about 2,900 bytes.
func (c *Cookies) Seal(text string) (value string, err error) {
	value, err = securecookie.EncodeMulti(c.name, []byte(text), c.codecs[:1]...)
	if err != nil {
		return "", fmt.Errorf("signing the session's cookie: %w", err)
	}
	return value, nil
}

// Open gives the text in the value of the cookie, and whether it is genuine.
func (c *Cookies) Open(value string) (text string, ok bool) {
	var b []byte
	if err := securecookie.DecodeMulti(c.name, value, &b, c.codecs...); err != nil {
		return "", false
	}
	return string(b), true
}
