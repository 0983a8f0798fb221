package site

import (
	"fmt"
	"regexp"
	"strings"
)

// segments are the segments of a base. Their characters have no meaning in addresses, in patterns of http.ServeMux and in cookies.
var segments = regexp.MustCompile(`^(?:/[A-Za-z0-9._~-]+)+$`)

// ParseBase reads the path below which an app is served, such as /app. The result does not end in /; it is "" for the root.
func ParseBase(text string) (string, error) {
	base := strings.TrimSuffix(text, "/")
	problem := ""
	switch {
	case base == "":
		return "", nil
	case strings.Contains(base, "://"):
		problem = "is an address; give its path alone"
	case !strings.HasPrefix(base, "/"):
		problem = "does not start with /"
	case strings.ContainsAny(base, "?#"):
		problem = "has a query or a fragment; give the path alone"
	case strings.Contains(base+"/", "/./") || strings.Contains(base+"/", "/../"):
		problem = "has the segment . or .., which browsers take out of addresses"
	case strings.Contains(base, "//"):
		problem = "has an empty segment"
	case !segments.MatchString(base):
		problem = "has other characters than letters, digits, and - . _ ~ in its segments"
	case strings.HasPrefix(base+"/", "/_live/"):
		problem = "starts with /_live, which the app itself uses"
	case base == "/healthz" || base == "/readyz":
		problem = "is the path of a check, which answers at the root too"
	default:
		return base, nil
	}
	return "", fmt.Errorf("the base %q %s; set a path such as /app", text, problem)
}
