package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
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

// HMAC authenticates a message with HMAC-SHA-256 (RFC 2104), in lower-case hexadecimal as webhooks carry it.
func HMAC(key, message string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(message))
	return hex.EncodeToString(m.Sum(nil))
}

// Equal compares two texts in time that does not depend on where they differ.
func Equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// leeway is by how much the clocks of the issuer and this server may differ.
const leeway = time.Minute

// VerifyJWT checks a JSON web token (RFC 7519) against key at the instant now and gives its claims as a JSON object; an error tells why it is refused. key is a shared secret, for
// HS256, HS384 and HS512, or a public key in PEM, for the RSA, RSA-PSS, ECDSA and Ed25519 algorithms of its kind: what a key may be used for is decided by the key alone, never by the
// token (RFC 8725 §3.1). A token without an expiry is refused.
func VerifyJWT(token, key string, now time.Time) (json.RawMessage, error) {
	k, methods, err := parseKey(key)
	if err != nil {
		return nil, err
	}
	parser := jwt.NewParser(jwt.WithValidMethods(methods), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(func() time.Time { return now }))
	if _, err := parser.ParseWithClaims(token, jwt.MapClaims{}, func(*jwt.Token) (any, error) { return k, nil }); err != nil {
		return nil, err
	}
	// The signature has been checked, so the claims are given as they came, with numbers of any size.
	body, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		return nil, err
	}
	return body, nil
}

func parseKey(key string) (any, []string, error) {
	if !strings.Contains(key, "-----BEGIN") {
		if len(key) < minSecret {
			return nil, nil, fmt.Errorf("the key of web tokens: %w", ErrSecret)
		}
		return []byte(key), []string{"HS256", "HS384", "HS512"}, nil
	}
	block, _ := pem.Decode([]byte(strings.TrimSpace(key)))
	if block == nil {
		return nil, nil, errors.New("the key of web tokens is not in PEM form")
	}
	if block.Type != "PUBLIC KEY" && block.Type != "CERTIFICATE" && block.Type != "RSA PUBLIC KEY" {
		return nil, nil, fmt.Errorf("the key of web tokens is a %s; give the public key", block.Type)
	}
	if k, err := jwt.ParseRSAPublicKeyFromPEM([]byte(key)); err == nil {
		return k, []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}, nil
	}
	if k, err := jwt.ParseECPublicKeyFromPEM([]byte(key)); err == nil {
		return k, []string{"ES256", "ES384", "ES512"}, nil
	}
	if k, err := jwt.ParseEdPublicKeyFromPEM([]byte(key)); err == nil {
		return k, []string{"EdDSA"}, nil
	}
	_, err := x509.ParsePKIXPublicKey(block.Bytes)
	return nil, nil, errors.Join(errors.New("the key of web tokens is of no known kind"), err)
}
