package play

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// piece is the number of bytes of a canary that a piece has, and digits that of a piece of a number. Fewer may occur by chance, such as the
// digits of a duration.
const (
	piece  = 8
	digits = 12
)

// Searcher finds pieces of canaries, also in other forms: other case, reversed, base64 (RFC 4648) at each alignment, hex.
type Searcher struct {
	folded  map[string]string // pieces in lower case, with their canaries
	exact   map[string]string // pieces of forms in which case matters
	numbers map[string]string
	hex     map[string]string
}

// NewSearcher makes a Searcher for some canaries.
func NewSearcher(canaries ...[]string) *Searcher {
	s := &Searcher{folded: map[string]string{}, exact: map[string]string{}, numbers: map[string]string{}, hex: map[string]string{}}
	for _, list := range canaries {
		for _, c := range list {
			s.add(c)
		}
	}
	return s
}

func (s *Searcher) add(c string) {
	if len(c) < piece {
		return
	}
	if strings.Trim(c, "0123456789") == "" {
		if len(c) >= digits {
			s.numbers[c[:digits]] = c
		}
		return
	}
	lower := strings.ToLower(c)
	backwards := []byte(lower)
	slices.Reverse(backwards)
	pieces(s.folded, lower, c)
	pieces(s.folded, string(backwards), c)
	for _, form := range []string{c, lower, strings.ToUpper(c), string(backwards)} {
		s.hex[hex.EncodeToString([]byte(form[:piece]))] = c
		for skip := range 3 {
			whole := len(form[skip:]) / 3 * 3 // characters that do not depend on what follows in the text
			pieces(s.exact, base64.StdEncoding.EncodeToString([]byte(form[skip:skip+whole])), c)
		}
	}
}

func pieces(to map[string]string, text, canary string) {
	for i := 0; i+piece <= len(text); i++ {
		to[text[i:i+piece]] = canary
	}
}

// Find returns a piece of a canary that text contains, with some text around it.
func (s *Searcher) Find(text string) (string, bool) {
	lower := strings.ToLower(text)
	same := len(lower) == len(text)
	for i := 0; i+piece <= len(lower); i++ {
		canary, ok := s.folded[lower[i:i+piece]]
		if !ok && same {
			canary, ok = s.exact[text[i:i+piece]]
		}
		if !ok && i+digits <= len(lower) && lower[i] >= '0' && lower[i] <= '9' {
			canary, ok = s.numbers[lower[i:i+digits]]
		}
		if !ok && i+2*piece <= len(lower) {
			canary, ok = s.hex[lower[i:i+2*piece]]
		}
		if ok {
			return canary + " in " + clip(lower[max(0, i-40):min(len(lower), i+80)]), true
		}
	}
	return "", false
}

func clip(text string) string { return strings.ToValidUTF8(text, "?") }
