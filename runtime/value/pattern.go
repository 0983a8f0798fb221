package value

import (
	"regexp"
	"regexp/syntax"
	"unicode/utf8"
)

// Pattern is the regular expression of a refinement. Most only say which ASCII characters a text may have, such as ^[a-z0-9-]+$. These are
// matched without package regexp, which is many times as fast, with the same result.
type Pattern struct {
	class       [256]bool // the ASCII characters that are allowed
	least, most int       // number of characters; a negative most means no bound
	full        *regexp.Regexp
}

// MustPattern compiles a regular expression, whose syntax the compiler has checked.
func MustPattern(expr string) *Pattern {
	p := &Pattern{full: regexp.MustCompile(expr)}
	if tree, err := syntax.Parse(expr, syntax.Perl); err == nil && p.simple(tree) {
		p.full = nil
	}
	return p
}

// MatchString reports whether a string matches.
func (p *Pattern) MatchString(s string) bool {
	if p.full != nil {
		return p.full.MatchString(s)
	}
	if len(s) < p.least || p.most >= 0 && len(s) > p.most {
		return false
	}
	for i := range len(s) {
		if !p.class[s[i]] {
			return false
		}
	}
	return true
}

// simple recognizes the expression ^[class]+$, with any repetition.
func (p *Pattern) simple(t *syntax.Regexp) bool {
	if t.Op != syntax.OpConcat || len(t.Sub) != 3 || t.Sub[0].Op != syntax.OpBeginText || t.Sub[2].Op != syntax.OpEndText {
		return false
	}
	repeat := t.Sub[1]
	switch repeat.Op {
	case syntax.OpPlus:
		p.least, p.most = 1, -1
	case syntax.OpStar:
		p.least, p.most = 0, -1
	case syntax.OpQuest:
		p.least, p.most = 0, 1
	case syntax.OpRepeat:
		p.least, p.most = repeat.Min, repeat.Max
	default:
		return false
	}
	of := repeat.Sub[0]
	if of.Op != syntax.OpCharClass || of.Flags&syntax.FoldCase != 0 {
		return false
	}
	for i := 0; i < len(of.Rune); i += 2 {
		if of.Rune[i+1] >= utf8.RuneSelf {
			return false
		}
		for c := of.Rune[i]; c <= of.Rune[i+1]; c++ {
			p.class[c] = true
		}
	}
	return true
}
