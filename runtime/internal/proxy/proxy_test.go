package proxy

import (
	"crypto/tls"
	"net/http"
	"testing"
)

func TestFind(t *testing.T) {
	const xff, xfp, xfh, fwd = "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"
	type headers = map[string][]string
	tests := []struct {
		name    string
		trusted string
		peer    string
		tls     bool
		headers headers
		addr    string
		https   bool
		host    string
		flag    string // direct, stranger or conflict
	}{
		{name: "no proxy", peer: "203.0.113.9:1234", addr: "203.0.113.9", flag: "direct"},
		{name: "no proxy, TLS", peer: "203.0.113.9:1234", tls: true, addr: "203.0.113.9", https: true, flag: "direct"},
		{name: "a stranger", trusted: "10.0.0.0/8", peer: "203.0.113.9:1", headers: headers{xff: {"1.2.3.4"}, xfp: {"https"}, xfh: {"evil"}},
			addr: "203.0.113.9", flag: "stranger"},
		{name: "nobody is trusted", peer: "127.0.0.1:1", headers: headers{fwd: {"for=1.2.3.4"}}, addr: "127.0.0.1", flag: "stranger"},
		{name: "one proxy", trusted: "loopback", peer: "127.0.0.1:1",
			headers: headers{xff: {"1.2.3.4"}, xfp: {"https"}, xfh: {"app.example"}}, addr: "1.2.3.4", https: true, host: "app.example"},
		{name: "a proxy that says nothing", trusted: "loopback", peer: "127.0.0.1:1", addr: "127.0.0.1"},
		{name: "forged entries are on the left", trusted: "loopback", peer: "127.0.0.1:1", headers: headers{xff: {"9.9.9.9, 1.2.3.4"}},
			addr: "1.2.3.4"},
		{name: "two proxies, two lines", trusted: "loopback, private", peer: "[::1]:1", headers: headers{xff: {"9.9.9.9, 1.2.3.4", "10.0.0.7"}},
			addr: "1.2.3.4"},
		{name: "all are trusted", trusted: "private", peer: "10.0.0.1:1", headers: headers{xff: {"192.168.1.1, 10.0.0.7"}}, addr: "192.168.1.1"},
		{name: "what cannot be read", trusted: "private", peer: "10.0.0.1:1", headers: headers{xff: {"1.2.3.4, who, 10.0.0.7"}},
			addr: "10.0.0.7"},
		{name: "nothing can be read", trusted: "private", peer: "10.0.0.1:1", headers: headers{xff: {"<script>"}}, addr: "10.0.0.1"},
		{name: "ports", trusted: "10.0.0.1", peer: "10.0.0.1:1", headers: headers{xff: {"1.2.3.4:5678"}}, addr: "1.2.3.4"},
		{name: "IPv6", trusted: "::1", peer: "[::1]:1", headers: headers{xff: {"2001:db8::7"}}, addr: "2001:db8::7"},
		{name: "IPv6 with a port", trusted: "::1", peer: "[::1]:1", headers: headers{xff: {"[2001:db8::7]:80"}}, addr: "2001:db8::7"},
		{name: "IPv4 in IPv6", trusted: "127.0.0.1", peer: "[::ffff:127.0.0.1]:1", headers: headers{xff: {"::ffff:1.2.3.4"}}, addr: "1.2.3.4"},
		{name: "a range in IPv6", trusted: "::ffff:10.0.0.0/104", peer: "10.1.1.1:1", headers: headers{xff: {"1.2.3.4"}}, addr: "1.2.3.4"},
		{name: "a scheme for each hop", trusted: "loopback, 10.0.0.7", peer: "127.0.0.1:1",
			headers: headers{xff: {"1.2.3.4, 10.0.0.7"}, xfp: {"https, http"}}, addr: "1.2.3.4", https: true},
		{name: "a scheme of the nearest", trusted: "loopback", peer: "127.0.0.1:1",
			headers: headers{xff: {"1.2.3.4"}, xfp: {"https, http"}}, addr: "1.2.3.4"},
		{name: "a scheme alone", trusted: "loopback", peer: "127.0.0.1:1", headers: headers{xff: {"1.2.3.4"}, xfp: {"HTTPS"}},
			addr: "1.2.3.4", https: true},
		{name: "Forwarded", trusted: "loopback", peer: "127.0.0.1:1",
			headers: headers{fwd: {`for=9.9.9.9, For="[2001:db8:cafe::17]:4711";PROTO=https; host="app.example:8443";by=203.0.113.43`}},
			addr:    "2001:db8:cafe::17", https: true, host: "app.example:8443"},
		{name: "Forwarded through two", trusted: "loopback, private", peer: "127.0.0.1:1",
			headers: headers{fwd: {`for=1.2.3.4;proto=https`, `for=10.0.0.7;proto=http`}}, addr: "1.2.3.4", https: true},
		{name: "quotes", trusted: "loopback", peer: "127.0.0.1:1",
			headers: headers{fwd: {`for="9.9.9.9, for=8.8.8.8";host="a\",b", for=1.2.3.4`}}, addr: "1.2.3.4"},
		{name: "an open quote", trusted: "loopback", peer: "127.0.0.1:1", headers: headers{fwd: {`for=1.2.3.4, for="5.6.7.8`}},
			addr: "127.0.0.1"},
		{name: "hidden", trusted: "loopback", peer: "127.0.0.1:1", headers: headers{fwd: {`for=1.2.3.4, for=_hidden`}}, addr: "127.0.0.1"},
		{name: "unknown", trusted: "loopback", peer: "127.0.0.1:1", headers: headers{fwd: {`for=unknown`}}, addr: "127.0.0.1"},
		{name: "both agree", trusted: "loopback", peer: "127.0.0.1:1", headers: headers{xff: {"1.2.3.4"}, fwd: {"for=1.2.3.4"}}, addr: "1.2.3.4"},
		{name: "both differ", trusted: "loopback", peer: "127.0.0.1:1", headers: headers{xff: {"1.2.3.4"}, fwd: {"for=9.9.9.9"}},
			addr: "127.0.0.1", flag: "conflict"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trusted, err := Parse(test.trusted)
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{RemoteAddr: test.peer, Host: "here", Header: test.headers}
			if test.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if test.host == "" {
				test.host = "here"
			}
			c := trusted.Find(r)
			flag := ""
			switch {
			case c.Stranger:
				flag = "stranger"
			case c.Conflict:
				flag = "conflict"
			case c.Direct:
				flag = "direct"
			}
			if c.Addr.String() != test.addr || c.HTTPS != test.https || c.Host != test.host || flag != test.flag {
				t.Errorf("%s, HTTPS %v, host %s, %q", c.Addr, c.HTTPS, c.Host, flag)
			}
		})
	}
}

func TestNoAddress(t *testing.T) {
	trusted, _ := Parse("loopback")
	r := &http.Request{RemoteAddr: "@", Header: http.Header{"X-Forwarded-For": {"1.2.3.4"}}}
	if c := trusted.Find(r); c.Addr.IsValid() || !c.Stranger {
		t.Errorf("%+v", c)
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{"10.0.0.0/33", "nowhere", "10.0.0", "loopback,,x", "Private"} {
		if got, err := Parse(bad); err == nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
	if got, err := Parse(" , 10.1.2.3/8,"); err != nil || len(got) != 1 || got[0].String() != "10.0.0.0/8" {
		t.Errorf("%v %v", got, err)
	}
}
