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

func cookies(t *testing.T, name string, secrets ...[]byte) *Cookies {
	t.Helper()
	c, err := NewCookies(name, secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCookies(t *testing.T) {
	c := cookies(t, "a", secret)
	another, named := cookies(t, "a", []byte("another secret, also of 32 bytes")), cookies(t, "b", secret)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 200, 2000).Draw(t, "text")
		value, err := c.Seal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := c.Open(value); !ok || got != text {
			t.Fatalf("opened %q, %v, want %q", got, ok, text)
		}
		for what, other := range map[string]*Cookies{"secret": another, "name": named} {
			if _, ok := other.Open(value); ok {
				t.Fatal("opened with another " + what)
			}
		}
		b := []byte(value)
		at := rapid.IntRange(0, len(b)-2).Draw(t, "at") // the last character has unused bits
		b[at] = b[at]%26 + 'A' + b[at]/26%2*32
		if string(b) != value {
			if got, ok := c.Open(string(b)); ok && got != text {
				t.Fatal("a forged cookie opens")
			}
		}
	})
	for _, v := range []string{"", "x", "|||", strings.Repeat("A", 10000)} {
		if _, ok := c.Open(v); ok {
			t.Errorf("%q opens", v)
		}
	}
	if _, err := c.Seal(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text that no cookie can hold is sealed")
	}
}

func TestCookieKeys(t *testing.T) {
	first, second := secret, []byte("another secret, also of 32 bytes")
	old, both, fresh := cookies(t, "a", first), cookies(t, "a", second, first), cookies(t, "a", second)
	before, _ := old.Seal("before")
	after, _ := both.Seal("after")
	for name, c := range map[string]struct {
		by    *Cookies
		value string
		ok    bool
	}{
		"the old key, while it is there": {both, before, true},
		"the old key, when it is gone":   {fresh, before, false},
		"the first key signs":            {fresh, after, true},
		"the old key does not":           {old, after, false},
	} {
		if _, ok := c.by.Open(c.value); ok != c.ok {
			t.Errorf("%s: %v", name, ok)
		}
	}
	for want, secrets := range map[string][][]byte{
		"it has 5 bytes: a secret needs at least 32 bytes":                {[]byte("short")},
		"secret 2 of 3: it has 6 bytes: a secret needs at least 32 bytes": {first, []byte("short!"), []byte("x")},
	} {
		if _, err := NewCookies("a", secrets...); !errors.Is(err, ErrSecret) || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestForgedCookie(t *testing.T) {
	c := cookies(t, "a", secret)
	a, _ := c.Seal("user-1")
	b, _ := c.Seal("user-2")
	// The payload of one genuine cookie with the signature of another is not genuine.
	for i := 1; i < len(a); i++ {
		mixed := a[:i] + b[i:]
		if mixed == a || mixed == b {
			continue
		}
		if text, ok := c.Open(mixed); ok {
			t.Fatalf("%q opens as %q", mixed, text)
		}
	}
}

func TestPassword(t *testing.T) {
	hash := HashPassword("correct horse")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") {
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
	// A test vector of the reference implementation (phc-winner-argon2, src/test.c).
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := CheckPassword("password", reference); !ok || err != nil {
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
	const want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if got := HMAC("Jefe", "what do ya want for nothing?"); got != want || !Equal(got, want) {
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
	ends := func(in time.Duration) jwt.MapClaims { return jwt.MapClaims{"exp": now.Add(in).Unix()} }
	privatePEM := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)}))
	const badPEM = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
	early := ends(time.Hour)
	early["nbf"] = now.Add(30 * time.Minute).Unix()
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
		"expired":                 {sign(jwt.SigningMethodHS256, secret, ends(-time.Hour)), string(secret), false},
		"not yet valid":           {sign(jwt.SigningMethodHS256, secret, early), string(secret), false},
		"no expiry":               {sign(jwt.SigningMethodHS256, secret, jwt.MapClaims{"sub": "u1"}), string(secret), false},
		"not a token":             {"a.b", string(secret), false},
		"short secret":            {sign(jwt.SigningMethodHS256, []byte("x"), good), "x", false},
		"private key as the key":  {sign(jwt.SigningMethodRS256, rsaKey, good), privatePEM, false},
		"a key that is no key":    {sign(jwt.SigningMethodHS256, secret, good), badPEM, false},
		"clocks differ a little":  {sign(jwt.SigningMethodHS256, secret, ends(-30*time.Second)), string(secret), true},
		"algorithm of other kind": {sign(jwt.SigningMethodES256, ecKey, good), rsaPEM, false},
	} {
		claims, until, err := VerifyJWT(c.token, c.key, now)
		if (err == nil) != c.ok {
			t.Errorf("%s: %s, %v", name, claims, err)
		}
		if err == nil {
			if _, _, err := VerifyJWT(c.token, c.key, until.Add(-time.Second)); err != nil {
				t.Errorf("%s: refused before %s: %v", name, until, err)
			}
			if _, _, err := VerifyJWT(c.token, c.key, until); err == nil {
				t.Errorf("%s: accepted at %s", name, until)
			}
		}
		if name == "HS256" && !strings.Contains(string(claims), `"big":9007199254740993`) {
			t.Errorf("claims %s", claims)
		}
	}
}

func TestJWTKeys(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	claims := jwt.MapClaims{"exp": now.Add(time.Hour).Unix()}
	for alg, bytes := range map[string]int{"HS256": 32, "HS384": 48, "HS512": 64} {
		for _, n := range []int{bytes - 1, bytes} {
			key := strings.Repeat("k", n)
			token, err := jwt.NewWithClaims(jwt.GetSigningMethod(alg), claims).SignedString([]byte(key))
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = VerifyJWT(token, key, now)
			if short := n < bytes; errors.Is(err, ErrKey) != short || (err != nil) != short {
				t.Errorf("%s with %d bytes: %v", alg, n, err)
			}
			// A token that was signed with another key does not reveal whether this key is long enough.
			if _, _, err := VerifyJWT(token+"A", strings.Repeat("k", 40), now); err == nil || errors.Is(err, ErrKey) {
				t.Errorf("a forged %s: %v", alg, err)
			}
		}
	}
	small, _ := rsa.GenerateKey(rand.Reader, 1024)
	der, _ := x509.MarshalPKIXPublicKey(&small.PublicKey)
	publicPEM := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	for _, key := range []string{"", strings.Repeat("k", 31), publicPEM, "-----BEGIN PUBLIC KEY-----"} {
		if err := CheckJWTKey(key); !errors.Is(err, ErrKey) {
			t.Errorf("%q: %v", key, err)
		}
	}
	if err := CheckJWTKey(strings.Repeat("k", 32)); err != nil {
		t.Error(err)
	}
}

// TestPublicTexts refuses texts that are long enough for a shared secret, but that others know.
func TestPublicTexts(t *testing.T) {
	for name, key := range map[string]string{
		"a public key without its PEM header": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo",
		"a key of a curve":                    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9",
		"a set of keys":                       `{"keys":[{"kty":"RSA","n":"u1SU1LfVLPHCozMxH2Mo","e":"AQAB"}]}`,
		"an address":                          "https://issuer.example/.well-known/jwks.json",
		"a key of SSH":                        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx8KpWmVq1J user@example",
		"white space":                         strings.Repeat(" ", 40),
	} {
		if err := CheckJWTKey(key); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
