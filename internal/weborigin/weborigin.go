// Package weborigin reads the origins of web pages as they are set (RFC 6454, https://html.spec.whatwg.org/#origin).
package weborigin

import (
	"fmt"
	"net/url"
	"strings"
)

// defaultPorts are those that browsers leave out.
var defaultPorts = map[string]string{"http": "80", "https": "443"}

// Parse returns an origin as browsers send it: a scheme, a host and maybe a port, without upper case.
func Parse(text string) (string, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	switch {
	case text == "*":
		return "", fmt.Errorf("%q would let in the pages of everybody; list the origins instead", text)
	case !ok && rest == "" && text != "" && text != "null":
		return "", fmt.Errorf("the origin %q has no scheme; write it as %q", text, "https://"+text)
	}
	u, err := url.Parse(text)
	if err != nil || scheme == "" || u.Hostname() == "" || strings.ContainsAny(u.Host, "*,") {
		return "", fmt.Errorf("%q is not an origin, such as %q", text, "https://app.example")
	}
	scheme = strings.ToLower(scheme)
	origin := scheme + "://" + strings.ToLower(strings.TrimSuffix(u.Host, ":"+defaultPorts[scheme]))
	if u.User != nil || strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", fmt.Errorf("the origin %q has more than scheme, host and port; write it as %q", text, origin)
	}
	if strings.ContainsFunc(u.Host, func(c rune) bool { return c >= 0x80 }) {
		return "", fmt.Errorf("the origin %q is not in ASCII; write its host as browsers send it, with xn--", text)
	}
	return origin, nil
}

// List reads origins that are separated by commas.
func List(text string) ([]string, error) {
	var origins []string
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		origin, err := Parse(part)
		if err != nil {
			return nil, err
		}
		origins = append(origins, origin)
	}
	return origins, nil
}
