package proxy

import (
	"net/http"
	"strings"
)

// standard reads the hops of Forwarded (RFC 7239). What cannot be read has no address.
func standard(h http.Header) []hop {
	var hops []hop
	for _, line := range h["Forwarded"] {
		for _, element := range split(line, ',') {
			var p hop
			for _, pair := range split(element, ';') {
				name, value, _ := strings.Cut(pair, "=")
				switch value = unquote(value); strings.ToLower(strings.TrimSpace(name)) {
				case "for":
					p.addr = address(value)
				case "proto":
					p.proto = value
				case "host":
					p.host = value
				}
			}
			hops = append(hops, p)
		}
	}
	return hops[max(0, len(hops)-maxHops):]
}

// split cuts a text at a separator, but not within quoted strings (RFC 9110 §5.6.4).
func split(text string, separator byte) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == separator && !quoted:
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return append(out, text[start:])
}

// unquote gives the value of a token or of a quoted string.
func unquote(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return text
	}
	var b strings.Builder
	for i := 1; i < len(text)-1; i++ {
		if text[i] == '\\' && i+1 < len(text)-1 {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
