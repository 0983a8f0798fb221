// Package auth holds the cryptography of signing in: the session's cookie, password hashes, message authentication and JSON web tokens.
// Each is a standard construction from a well-kept library, with its parameters fixed here.
package auth
