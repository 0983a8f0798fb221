package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Parameters of new hashes: the memory and the passes of the second recommended option of RFC 9106 §4, 64 MiB and three. They have one lane
// instead of four: that is as much work for one who guesses, with less of it side by side, and a hash takes one processor of many.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 1
	saltSize     = 16
	hashSize     = 32
)

// paramsFormat is the form of the parameters in a hash.
const paramsFormat = "m=%d,t=%d,p=%d"

// Bounds of the parameters of stored hashes that CheckPassword accepts, so that a hash from elsewhere cannot exhaust the server.
const (
	maxTime   = 16
	maxMemory = 1 << 20 // KiB
	maxSize   = 64
)

// ErrHash means that a stored text is not a password hash, or one whose parameters are out of bounds.
var ErrHash = errors.New("not an argon2id password hash")

// turns bounds how many passwords are hashed at once, since each takes much memory.
var turns = make(chan struct{}, runtime.GOMAXPROCS(0))

// HashPassword hashes a password with argon2id (RFC 9106) and a random salt. The result is a PHC string,
// $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func HashPassword(password string) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails, see crypto/rand
	p := params{time: argonTime, memory: argonMemory, threads: argonThreads}
	return fmt.Sprintf("$argon2id$v=%d$"+paramsFormat+"$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(p.hash(password, salt, hashSize)))
}

// CheckPassword reports whether hash is a hash of password, in a time that does not depend on where they differ. It also accepts argon2id
// hashes of other programs. The error is ErrHash for any other text, and for parameters that are out of bounds.
func CheckPassword(password, hash string) (bool, error) {
	p, salt, want, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(p.hash(password, salt, len(want)), want) == 1, nil
}

type params struct {
	time, memory uint32
	threads      uint8
}

func (p params) hash(password string, salt []byte, size int) []byte {
	turns <- struct{}{}
	defer func() { <-turns }()
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, uint32(size))
}

func parseHash(hash string) (p params, salt, sum []byte, err error) {
	part := strings.Split(hash, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, ErrHash
	}
	_, err = fmt.Sscanf(part[3], paramsFormat, &p.memory, &p.time, &p.threads)
	if err != nil || part[3] != fmt.Sprintf(paramsFormat, p.memory, p.time, p.threads) {
		return p, nil, nil, ErrHash
	}
	if p.time < 1 || p.time > maxTime || p.threads < 1 || p.memory < 8*uint32(p.threads) || p.memory > maxMemory {
		return p, nil, nil, fmt.Errorf("%w: its parameters %s are out of bounds", ErrHash, part[3])
	}
	salt, err = base64.RawStdEncoding.Strict().DecodeString(part[4])
	if err == nil {
		sum, err = base64.RawStdEncoding.Strict().DecodeString(part[5])
	}
	if err != nil || len(salt) < 8 || len(salt) > maxSize || len(sum) < 16 || len(sum) > maxSize {
		return p, nil, nil, ErrHash
	}
	return p, salt, sum, nil
}
