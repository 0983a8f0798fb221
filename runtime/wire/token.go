package wire

// MaxToken is the most bytes of the token in a hello.
const MaxToken = 8 << 10

// IsToken reports whether s can be the token in a hello: visible ASCII without spaces, as an Authorization header can carry it (RFC 6750
// §2.1 allows a part of it), of at most MaxToken bytes. The empty string, which means no token, is allowed.
func IsToken(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= MaxToken
}
