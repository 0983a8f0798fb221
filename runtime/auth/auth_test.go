package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"pgregory.net/rapid"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

func TestSessions(t *testing.T) {
	s, err := NewSessions(secret)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewSessions([]byte("another secret, also of 32 bytes"))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringN(0, 200, 2000).Draw(t, "key")
		value, age, err := s.Seal(key)
		if err != nil || age <= 0 {
			t.Fatal(age, err)
		}
		if got, ok := s.Open(value); !ok || got != key {
			t.Fatalf("opened %q, %v, want %q", got, ok, key)
		}
		if _, ok := other.Open(value); ok {
			t.Fatal("opened with another secret")
		}
		b := []byte(value)
		at := rapid.IntRange(0, len(b)-2).Draw(t, "at") // the last character has unused bits
		b[at] = b[at]%26 + 'A' + b[at]/26%2*32
		if string(b) != value {
			if got, ok := s.Open(string(b)); ok && got != key {
				t.Fatal("a forged cookie opens")
			}
		}
	})
	for _, v := range []string{"", "x", "|||", strings.Repeat("A", 10000)} {
		if _, ok := s.Open(v); ok {
			t.Errorf("%q opens", v)
		}
	}
	if _, err := NewSessions([]byte("short")); !errors.Is(err, ErrSecret) {
		t.Errorf("error %v, want ErrSecret", err)
	}
	if _, _, err := s.Seal(strings.Repeat("x", 5000)); err == nil {
		t.Error("a key that no cookie can hold is sealed")
	}
}

func TestForgedSession(t *testing.T) {
	s, _ := NewSessions(secret)
	a, _, _ := s.Seal("user-1")
	b, _, _ := s.Seal("user-2")
	// Halves of two genuine cookies are no cookie.
	for i := 1; i < len(a); i++ {
		mixed := a[:i] + b[i:]
		if mixed == a || mixed == b {
			continue
		}
		if key, ok := s.Open(mixed); ok {
			t.Fatalf("%q opens as %q", mixed, key)
		}
	}
}

func TestExpiredSession(t *testing.T) {
	s, _ := newSessions(secret, time.Second)
	past, _ := newSessions(secret, time.Hour)
	value, _, err := past.Seal("user")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Open(value); !ok {
		t.Error("a fresh cookie does not open")
	}
	// securecookie has no clock to set, so the cookie is one of another time: its signature covers the time, and a codec with a minimum age of a day ago refuses it alike.
	s.codec.MinAge(3600)
	if _, ok := s.Open(value); ok {
		t.Error("a cookie outside of its time opens")
	}
}

func TestPassword(t *testing.T) {
	hash := HashPassword("correct horse")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Errorf("hash %s", hash)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct horse ": false, "": false} {
		if ok, err := CheckPassword(password, hash); ok != want || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	if HashPassword("correct horse") == hash {
		t.Error("two hashes of one password are equal: no salt")
	}
	// A vector of the reference implementation (phc-winner-argon2, src/test.c).
	if ok, err := CheckPassword("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"); !ok || err != nil {
		t.Errorf("the reference vector: %v, %v", ok, err)
	}
	for _, bad := range []string{
		"", "plain", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=65536,t=1,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=65536,t=1,p=1$$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	} {
		if _, err := CheckPassword("password", bad); !errors.Is(err, ErrHash) {
			t.Errorf("%q: error %v, want ErrHash", bad, err)
		}
	}
}

func TestHMAC(t *testing.T) {
	// RFC 4231 §4.3, test case 2.
	if got, want := HMAC("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"; got != want || !Equal(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if Equal("a", "b") || Equal("a", "ab") {
		t.Error("different texts are equal")
	}
}

func TestVerifyJWT(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	rsaKey, _ := rsa.GenerateKey(rand.Reader, 2048)
	ecKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	edPublic, edKey, _ := ed25519.GenerateKey(rand.Reader)
	public := func(k any) string {
		der, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	good := jwt.MapClaims{"sub": "u1", "exp": now.Add(time.Hour).Unix(), "big": 9007199254740993}
	sign := func(m jwt.SigningMethod, k any, c jwt.MapClaims) string {
		s, err := jwt.NewWithClaims(m, c).SignedString(k)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	rsaPEM := public(&rsaKey.PublicKey)
	for name, c := range map[string]struct {
		token, key string
		ok         bool
	}{
		"HS256":                   {sign(jwt.SigningMethodHS256, secret, good), string(secret), true},
		"RS256":                   {sign(jwt.SigningMethodRS256, rsaKey, good), rsaPEM, true},
		"ES256":                   {sign(jwt.SigningMethodES256, ecKey, good), public(&ecKey.PublicKey), true},
		"EdDSA":                   {sign(jwt.SigningMethodEdDSA, edKey, good), public(edPublic), true},
		"another secret":          {sign(jwt.SigningMethodHS256, []byte("x"), good), string(secret), false},
		"none":                    {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good), string(secret), false},
		"public key as a secret":  {sign(jwt.SigningMethodHS256, []byte(rsaPEM), good), rsaPEM, false},
		"expired":                 {sign(jwt.SigningMethodHS256, secret, jwt.MapClaims{"exp": now.Add(-time.Hour).Unix()}), string(secret), false},
		"not yet valid":           {sign(jwt.SigningMethodHS256, secret, jwt.MapClaims{"exp": now.Add(time.Hour).Unix(), "nbf": now.Add(30 * time.Minute).Unix()}), string(secret), false},
		"no expiry":               {sign(jwt.SigningMethodHS256, secret, jwt.MapClaims{"sub": "u1"}), string(secret), false},
		"not a token":             {"a.b", string(secret), false},
		"short secret":            {sign(jwt.SigningMethodHS256, []byte("x"), good), "x", false},
		"private key as the key":  {sign(jwt.SigningMethodRS256, rsaKey, good), string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)})), false},
		"a key that is no key":    {sign(jwt.SigningMethodHS256, secret, good), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", false},
		"clocks differ a little":  {sign(jwt.SigningMethodHS256, secret, jwt.MapClaims{"exp": now.Add(-30 * time.Second).Unix()}), string(secret), true},
		"algorithm of other kind": {sign(jwt.SigningMethodES256, ecKey, good), rsaPEM, false},
	} {
		claims, err := VerifyJWT(c.token, c.key, now)
		if (err == nil) != c.ok {
			t.Errorf("%s: %s, %v", name, claims, err)
		}
		if name == "HS256" && !strings.Contains(string(claims), `"big":9007199254740993`) {
			t.Errorf("claims %s", claims)
		}
	}
}
