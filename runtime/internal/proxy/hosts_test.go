package proxy

import "testing"

func TestHosts(t *testing.T) {
	h, err := ParseHosts("app.example, .tunnel.example")
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "LOCALHOST.": true, "chat.localhost:1": true, "127.0.0.1:8080": true, "[::1]:8080": true,
		"192.168.1.5": true, "app.example:443": true, "App.Example": true, "x.tunnel.example": true, "tunnel.example": true,
		"evil.example": false, "localhost.evil.example": false, "notapp.example": false, "xtunnel.example": false, "": false,
		"127.0.0.1.evil.example": false,
	} {
		if got := h.Has(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
	for _, bad := range []string{"https://app.example", "app.example:80", "a b"} {
		if h, err := ParseHosts(bad); err == nil {
			t.Errorf("%q: %v", bad, h)
		}
	}
}
