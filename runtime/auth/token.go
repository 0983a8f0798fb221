package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// HMAC authenticates a message with HMAC-SHA-256 (RFC 2104). The result is in lower-case hexadecimal, as in webhooks.
func HMAC(key, message string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(message))
	return hex.EncodeToString(m.Sum(nil))
}

// Equal compares two texts in time that does not depend on where they differ.
func Equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// leeway is how much the clocks of the issuer and of this server may differ.
const leeway = time.Minute

// minRSA is the number of bits that an RSA key must have (RFC 7518 §3.3).
const minRSA = 2048

// ErrKey means that a key for web tokens cannot be used. It is a mistake in the settings of the server, not in a token.
var ErrKey = errors.New("the key of web tokens cannot be used")

// CheckJWTKey gives ErrKey if a key can verify no token: a shared secret of less than 32 bytes, an RSA key of less than 2048 bits, or a
// text that looks like a key and is not a public key in PEM.
func CheckJWTKey(key string) error {
	_, _, err := parseKey(key)
	return err
}

// VerifyJWT checks a JSON web token (RFC 7519) against key at the instant now. It gives the claims as a JSON object and the instant at
// which the token expires, or an error that says why the token is refused.
//
// key is a shared secret, for HS256, HS384 and HS512, or a public key in PEM, for the RSA, RSA-PSS, ECDSA and Ed25519 algorithms of its
// kind. The key alone decides which algorithms are accepted, never the token (RFC 8725 §3.1). A token without an expiry is refused. A key
// that cannot be used is an ErrKey; a shared secret must be as long as the hash of the token's algorithm (RFC 7518 §3.2).
func VerifyJWT(token, key string, now time.Time) (claims json.RawMessage, until time.Time, err error) {
	k, methods, err := parseKey(key)
	if err != nil {
		return nil, time.Time{}, err
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods(methods), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(func() time.Time { return now }),
	)
	parsed, err := parser.ParseWithClaims(token, jwt.MapClaims{}, func(*jwt.Token) (any, error) { return k, nil })
	if err != nil {
		return nil, time.Time{}, err
	}
	if _, extended := parsed.Header["crit"]; extended { // RFC 7515 §4.1.11: it names extensions that must be understood
		return nil, time.Time{}, errors.New("the token requires extensions that the server does not support")
	}
	// Only a token that was signed with the key gets here, so others cannot fill the log of the server.
	if m, ok := parsed.Method.(*jwt.SigningMethodHMAC); ok && len(key) < m.Hash.Size() {
		return nil, time.Time{}, fmt.Errorf("%w: it has %d bytes, but %s needs %d", ErrKey, len(key), m.Name, m.Hash.Size())
	}
	expires, err := parsed.Claims.GetExpirationTime()
	if err != nil {
		return nil, time.Time{}, err
	}
	// The signature has been checked, so the claims are returned unchanged, with numbers of any size.
	body, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		return nil, time.Time{}, err
	}
	return body, expires.Add(leeway), nil
}

// public says what kind of public text a key is, which cannot be a shared secret; "" if it may be a secret.
func public(key string) string {
	key = strings.TrimSpace(key)
	switch {
	case strings.HasPrefix(key, "MII"), strings.HasPrefix(key, "MFkw"), strings.HasPrefix(key, "MHYw"), strings.HasPrefix(key, "MIGb"),
		strings.HasPrefix(key, "MCow"):
		return "a public key without its PEM header" // DER in base64: RSA, P-256, P-384, P-521, Ed25519
	case strings.HasPrefix(key, "{"), strings.HasPrefix(key, "["):
		return "JSON, such as a set of keys (RFC 7517)"
	case strings.HasPrefix(key, "http://"), strings.HasPrefix(key, "https://"):
		return "an address"
	case strings.HasPrefix(key, "ssh-"), strings.HasPrefix(key, "ecdsa-"):
		return "an SSH public key"
	case len(key) < MinSecret:
		return "mostly white space"
	}
	return ""
}

func parseKey(key string) (any, []string, error) {
	if !strings.Contains(key, "-----BEGIN") {
		if len(key) < MinSecret {
			const needs = "a shared secret needs at least 32 for HS256, 48 for HS384 and 64 for HS512"
			return nil, nil, fmt.Errorf("%w: it has %d bytes, but %s", ErrKey, len(key), needs)
		}
		if what := public(key); what != "" {
			return nil, nil, fmt.Errorf("%w: it is %s, which is not secret; use the public key in PEM form, -----BEGIN PUBLIC KEY-----", ErrKey,
				what)
		}
		return []byte(key), []string{"HS256", "HS384", "HS512"}, nil
	}
	block, _ := pem.Decode([]byte(strings.TrimSpace(key)))
	if block == nil {
		return nil, nil, fmt.Errorf("%w: it is not in PEM form", ErrKey)
	}
	if block.Type != "PUBLIC KEY" && block.Type != "CERTIFICATE" && block.Type != "RSA PUBLIC KEY" {
		return nil, nil, fmt.Errorf("%w: it is a %s; use the public key", ErrKey, block.Type)
	}
	if k, err := jwt.ParseRSAPublicKeyFromPEM([]byte(key)); err == nil {
		if n := k.N.BitLen(); n < minRSA {
			return nil, nil, fmt.Errorf("%w: it has %d bits, but an RSA key needs at least %d", ErrKey, n, minRSA)
		}
		return k, []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}, nil
	}
	if k, err := jwt.ParseECPublicKeyFromPEM([]byte(key)); err == nil {
		return k, []string{"ES256", "ES384", "ES512"}, nil
	}
	if k, err := jwt.ParseEdPublicKeyFromPEM([]byte(key)); err == nil {
		return k, []string{"EdDSA"}, nil
	}
	return nil, nil, fmt.Errorf("%w: its kind is unknown; use a key for RSA, ECDSA or Ed25519", ErrKey)
}
