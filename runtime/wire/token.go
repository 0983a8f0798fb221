package wire

// MaxToken is the most bytes that the token of a hello may have.
const MaxToken = 8 << 10

// IsToken reports whether s can be the token of a hello: what an Authorization header could carry as well, visible ASCII without spaces
// (RFC 6750 §2.1 allows some of it), of at most MaxToken bytes. The empty string, which is no token, can.
func IsToken(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= MaxToken
}
