package runtime

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/livec-lang/livec/internal/private"
	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/value"
)

// signing reads from the environment how session cookies are signed: LIVE_SECRET, LIVE_SESSION_AGE and LIVE_SECURE_COOKIES. db is the path
// of the database.
func (p *program) signing(opt *Options, db string) error {
	secrets, err := p.secrets(db, opt.Production)
	if err != nil {
		return err
	}
	if len(secrets) > 0 {
		opt.Secret, opt.OldSecrets = secrets[0], secrets[1:]
	}
	if v := p.env("LIVE_SESSION_AGE", ""); v != "" {
		if opt.SessionAge, err = value.ReadDuration(v); err != nil {
			return misuse{fmt.Errorf("LIVE_SESSION_AGE %w", err)}
		}
		if opt.SessionAge <= 0 {
			return misuse{fmt.Errorf("LIVE_SESSION_AGE is %q; set it to a duration such as 30d", v)}
		}
	}
	if v := p.env("LIVE_SECURE_COOKIES", ""); v != "" {
		on, err := value.ReadBool(v)
		if err != nil {
			return misuse{fmt.Errorf("LIVE_SECURE_COOKIES %w", err)}
		}
		opt.SecureCookies = Off
		if on {
			opt.SecureCookies = On
		}
	}
	return nil
}

// secrets are the secrets that sign session cookies: those of LIVE_SECRET, separated by commas, of which the first signs; or, in
// development, a random secret that is kept next to the database.
func (p *program) secrets(db string, production bool) ([][]byte, error) {
	v := p.env("LIVE_SECRET", "")
	switch {
	case v != "":
		return readSecrets(v)
	case !p.reg.app.Sessions:
		return nil, nil
	case production:
		return nil, misuse{
			errors.New("LIVE_SECRET is not set, but sessions need it to sign cookies; set it to the output of: openssl rand -hex 32"),
		}
	case db == sqlite.Memory:
		return [][]byte{randomSecret()}, nil
	}
	file := db + ".secret"
	if _, err := private.Tighten(file); err != nil {
		return nil, fmt.Errorf("other users of this machine may read %s, which has the secret for session cookies: %w", file, err)
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		data = randomSecret()
		err = os.WriteFile(file, data, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("the secret for session cookies cannot be stored in %s; set LIVE_SECRET instead: %w", file, err)
	}
	if len(data) < auth.MinSecret {
		return nil, fmt.Errorf("the secret in %s is incomplete; remove the file to get a new one", filepath.Base(file))
	}
	return [][]byte{data}, nil
}

// readSecrets reads LIVE_SECRET.
func readSecrets(v string) ([][]byte, error) {
	keys := bytes.Split([]byte(v), []byte(","))
	for i, key := range keys {
		keys[i] = bytes.TrimSpace(key)
		if n := len(keys[i]); n < auth.MinSecret {
			which := "LIVE_SECRET has"
			if len(keys) > 1 {
				which = fmt.Sprintf("LIVE_SECRET: key %d of %d has", i+1, len(keys))
			}
			return nil, misuse{
				fmt.Errorf("%s %d bytes, but needs at least %d; set it to the output of: openssl rand -hex 32", which, n, auth.MinSecret),
			}
		}
	}
	return keys, nil
}

// randomSecret makes a secret of more than 256 random bits, as text.
func randomSecret() []byte { return []byte(rand.Text() + rand.Text()) }
