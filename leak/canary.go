package leak

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// There are two databases. Their canaries differ in every character, in length, in order, in number, and in which of them are equal. So
// whatever depends on a canary differs.
const databases = 2

// canaries makes the secrets of one module, and records them.
type canaries struct {
	r    *rand.Rand
	kept [databases][]string // to be searched for
}

// word is a text: in the first database in ascending order from b, in the second in descending order from y, with other letters throughout.
func (c *canaries) word(which, row int) string {
	letters, first, n := "acdefghijklm012", 'b', 23
	if which == 1 {
		letters, first, n = "nopqrstuvwx6789", 'y', 25
		row = -row
	}
	var b strings.Builder
	b.WriteRune(first + rune(row))
	for range n {
		b.WriteByte(letters[c.r.IntN(len(letters))])
	}
	c.kept[which] = append(c.kept[which], b.String())
	return b.String()
}

// number has twelve digits: even and large in the first database, odd and smaller in the second.
func (c *canaries) number(which, row int) int64 {
	n := 700_000_000_000 + int64(row)*10_000_000_000 + c.r.Int64N(4_000_000_000)*2
	if which == 1 {
		n = 130_000_000_000 - int64(row)*10_000_000_000 + c.r.Int64N(4_000_000_000)*2 + 1
	}
	c.kept[which] = append(c.kept[which], fmt.Sprint(n))
	return n
}

// value gives the JSON of an argument for a column of a kind.
func (c *canaries) value(k kind, which, row int) string {
	pick := func(a, b any) any {
		if which == 0 {
			return a
		}
		return b
	}
	word := func() string { return c.word(which, row) }
	number := func() int64 { return c.number(which, row) }
	var v any
	switch k {
	case str, ident, card, ocard, lcard, mcard, deep, pay:
		v = word()
	case num, span:
		v = number()
	case float:
		v = float64(number()) + 0.5
	case yes:
		v = (row%2 == 0) == (which == 0)
	case at:
		t := time.UnixMilli(1_940_000_000_000 + int64(row)*86_400_000 + c.r.Int64N(80_000_000)).UTC()
		if which == 1 {
			t = time.UnixMilli(2_290_000_000_000 - int64(row)*86_400_000 + c.r.Int64N(80_000_000)).UTC()
		}
		text := t.Format("2006-01-02T15:04:05.000Z")
		c.kept[which] = append(c.kept[which], text[8:])
		v = text
	case raw:
		b := make([]byte, pick(18, 21).(int))
		for i := range b {
			b[i] = byte(c.r.IntN(256))
		}
		text := base64.StdEncoding.EncodeToString(b)
		c.kept[which] = append(c.kept[which], text)
		v = text
	case doc:
		v = map[string]any{"a": word(), "n": number()}
	case hue:
		v = pick("red", "blue")
	case ref:
		v = pick("a0", "a1")
	case ostr:
		if row < 2 {
			v = word()
		}
	case onum:
		if row < 2 {
			v = number()
		}
	case lstr:
		v = pick([]string{word(), word()}, []string{word(), word(), word()})
	case lnum:
		v = pick([]int64{number(), number()}, []int64{number(), number(), number()})
	case mnum:
		m := map[string]int64{word(): number()}
		if which == 1 {
			m[word()] = number()
		}
		v = m
	case mstr:
		m := map[string]string{"m": word()}
		if which == 1 {
			m[word()] = word()
		}
		v = m
	case plain:
		v = map[string]any{"x": word(), "n": number()}
	default:
		panic("no canary of kind " + string(k))
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
