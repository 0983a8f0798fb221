package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/gorilla/securecookie"
)

// MinSecret is the least length of a secret, in bytes.
const MinSecret = 32

// ErrSecret means that a secret is too short to sign with.
var ErrSecret = errors.New("a secret needs at least 32 bytes")

// Cookies signs and reads the values of one cookie, with HMAC-SHA-256 (RFC 2104). The signature covers the name of the cookie, so no other
// signed cookie is accepted for it. Values are signed and not encrypted, and do not expire. Cookies is safe for concurrent use.
type Cookies struct {
	name   string
	codecs []securecookie.Codec
}

// NewCookies derives the signing keys of the cookie from the secrets of the server. The first secret signs; values that were signed with
// any of them are accepted. The error is ErrSecret if one of them is too short.
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
		// A key is derived for each purpose (RFC 5869), so one secret can serve several purposes.
		key, err := hkdf.Key(sha256.New, secret, nil, "live session cookie v2", sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("deriving the key of session cookies: %w", err)
		}
		c.codecs = append(c.codecs, securecookie.New(key, nil).SetSerializer(securecookie.NopEncoder{}).MaxAge(0))
	}
	return c, nil
}

// Seal gives the value of a cookie that carries a text of up to about 2,900 bytes.
func (c *Cookies) Seal(text string) (value string, err error) {
	value, err = securecookie.EncodeMulti(c.name, []byte(text), c.codecs[:1]...)
	if err != nil {
		return "", fmt.Errorf("signing the session's cookie: %w", err)
	}
	return value, nil
}

// Open gives the text of a cookie's value, and whether its signature is valid.
func (c *Cookies) Open(value string) (text string, ok bool) {
	var b []byte
	if err := securecookie.DecodeMulti(c.name, value, &b, c.codecs...); err != nil {
		return "", false
	}
	return string(b), true
}
