package diag

import (
	"slices"
	"strconv"
	"strings"
)

// Count returns a number of things as text: `none`, `1 argument`, `3 arguments`.
func Count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n) + " " + word + "s"
}

// Range returns a range of numbers of things as text: `1 argument`, `1 to 3 arguments`.
func Range(least, most int, word string) string {
	if least == most {
		return Count(most, word)
	}
	if least == 0 {
		return "at most " + Count(most, word)
	}
	return strconv.Itoa(least) + " to " + Count(most, word)
}

// Quoted returns a list of texts: "a", "b" and "c".
func Quoted(values []string) string {
	s := ""
	for i, v := range values {
		switch {
		case i == 0:
		case i == len(values)-1:
			s += " and "
		default:
			s += ", "
		}
		s += `"` + v + `"`
	}
	return s
}

// Or returns a list of choices: `a`, `b` or `c`.
func Or(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "`" + w + "`"
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}

// Article returns `a` or `an` for a word.
func Article(word string) string {
	sound := strings.TrimLeft(word, "`[")
	if strings.HasPrefix(sound, "uni") || strings.HasPrefix(sound, "use") {
		return "a " + word
	}
	if sound != "" && strings.ContainsRune("aeiouAEIO", rune(sound[0])) || strings.HasPrefix(sound, "rpc") {
		return "an " + word
	}
	return "a " + word
}

// And returns a list of names, at most the first twelve: `a`, `b` and `c`.
func And(words []string) string {
	if len(words) == 0 {
		return "no fields"
	}
	if len(words) > 12 {
		words = append(slices.Clone(words[:12]), "…")
	}
	s := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			s += " and "
		default:
			s += ", "
		}
		s += "`" + w + "`"
	}
	return s
}
