package session

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/livec-lang/livec/runtime/internal/identity"
)

// cookieName is the name of the session cookie of an app. Each app has its own, since cookies do not distinguish the ports of a host.
func cookieName(app string) string {
	var b strings.Builder
	b.WriteString("live_")
	for _, c := range []byte(app) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
			b.WriteByte(c)
		default: // not allowed in a token (RFC 9110 §5.6.2), or the escape character itself
			fmt.Fprintf(&b, ".%02x", c)
		}
	}
	return b.String()
}

// hostPrefix makes browsers accept a cookie over HTTPS only, and for this host and all its paths (RFC 6265bis §4.1.3.2).
const hostPrefix = "__Host-"

// securePrefix makes browsers accept a cookie over HTTPS only, also for some paths alone (RFC 6265bis §4.1.3.1).
const securePrefix = "__Secure-"

// name is the name of the cookie, over HTTPS or over HTTP.
func (m *Manager) name(secure bool) string {
	if secure {
		return m.names[1]
	}
	return m.names[0]
}

// path is the path that the cookie is for.
func (m *Manager) path() string {
	if m.cfg.Base == "" {
		return "/"
	}
	return m.cfg.Base
}

// Cookie is the cookie for the session that a run has started, which the browser keeps until the session ends. If the run has ended the
// session, it is the cookie that deletes it.
func (m *Manager) Cookie(from *identity.Caller, change identity.SessionChange) *http.Cookie {
	c := &http.Cookie{
		Name: m.name(from.Secure), Value: change.Cookie, Path: m.path(), MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: from.Secure,
	}
	if change.Cookie != "" {
		left := change.Ends.Sub(m.cfg.Runner.Now())
		c.MaxAge = max(1, int((left+time.Second-1)/time.Second)) // it must not expire before its session
	}
	return c
}
