package play

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// piece is how many bytes of a canary in a row are taken for it, and digits how many of one that is a number: fewer may stand there by
// chance, as the digits of a time that something took.
const (
	piece  = 8
	digits = 12
)

// Searcher finds pieces of canaries, and of what is commonly made of them: other case, reversed, base64 (RFC 4648) at each of its
// alignments, hex.
type Searcher struct {
	folded  map[string]string // pieces in lower case, with the canary
	exact   map[string]string // pieces of forms in which the case matters
	numbers map[string]string
	hex     map[string]string
}

// NewSearcher makes one for some canaries.
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
			whole := len(form[skip:]) / 3 * 3 // what follows in the text cannot change these
			pieces(s.exact, base64.StdEncoding.EncodeToString([]byte(form[skip:skip+whole])), c)
		}
	}
}

func pieces(to map[string]string, text, canary string) {
	for i := 0; i+piece <= len(text); i++ {
		to[text[i:i+piece]] = canary
	}
}

// Find returns a piece of a canary that stands in a text, with some of what is around it.
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
