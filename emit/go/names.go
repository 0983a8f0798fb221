package emitgo

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/livec-lang/livec/compiler/ir"
)

// initialisms are words that Go writes in capitals.
var initialisms = map[string]string{
	"id":   "ID",
	"ip":   "IP",
	"url":  "URL",
	"html": "HTML",
	"http": "HTTP",
	"json": "JSON",
	"api":  "API",
	"uuid": "UUID",
	"ids":  "IDs",
	"urls": "URLs",
}

// words cuts a name at its capitals and at whatever is no letter or digit.
func words(name string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = nil
		}
	}
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			continue
		case unicode.IsUpper(r) && len(word) > 0 && !unicode.IsUpper(word[len(word)-1]):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return out
}

// exported makes an exported name of Go: sentAt becomes SentAt, id becomes ID.
func exported(name string) string {
	var b strings.Builder
	for _, w := range words(name) {
		if s, ok := initialisms[strings.ToLower(w)]; ok {
			b.WriteString(s)
			continue
		}
		r, size := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(r))
		b.WriteString(w[size:])
	}
	s := b.String()
	if r, _ := utf8.DecodeRuneInString(s); !unicode.IsUpper(r) {
		return "X" + s
	}
	return s
}

// unexported makes an unexported name of Go: Message becomes message, board.addCard becomes boardAddCard.
func unexported(name string) string {
	ws := words(name)
	if len(ws) == 0 {
		return "x"
	}
	var b strings.Builder
	b.WriteString(strings.ToLower(ws[0][:1]) + ws[0][1:])
	if strings.ToUpper(ws[0]) == ws[0] {
		b.Reset()
		b.WriteString(strings.ToLower(ws[0]))
	}
	for _, w := range ws[1:] {
		if s, ok := initialisms[strings.ToLower(w)]; ok {
			b.WriteString(s)
			continue
		}
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	s := b.String()
	if s[0] >= '0' && s[0] <= '9' {
		return "x" + s
	}
	return s
}

// packageNames are the names at the top of the generated package. This is the one place where a name of an app meets those of Go.
// What the app declares is named first. Names that are given while functions are written avoid the local variables so far, as those
// avoid the names of the package: neither hides the other.
type packageNames struct {
	taken  map[string]bool
	locals map[string]bool // names that some function has given to a variable
}

func newPackageNames(*gen) *packageNames {
	n := &packageNames{taken: map[string]bool{}, locals: map[string]bool{}}
	for _, name := range importNames {
		n.taken[name] = true
	}
	for _, name := range strings.Fields(fixedNames + " " + fixedLocals) {
		n.taken[name] = true
	}
	return n
}

// fixedNames are names of the package that are there in every app, or in those that have something of the kind.
const fixedNames = "NewRegistry init main contract env _ upgrade identify userKey currentUser checkEnv settings"

// fixedLocals are variables that are there in every app, in functions that use names of what the app declares: the arguments, the
// call and the error of a body, and the registry.
const fixedLocals = "a c err r"

// reservedWord reports whether Go has a meaning for a name already.
func reservedWord(name string) bool {
	return token.IsKeyword(name) || types.Universe.Lookup(name) != nil
}

// take returns the first of the names that is free, or the last one with a number.
func (n *packageNames) take(names ...string) string {
	for _, name := range names {
		if n.free(name) {
			n.taken[name] = true
			return name
		}
	}
	last := names[len(names)-1]
	for i := 2; ; i++ {
		if name := last + strconv.Itoa(i); n.free(name) {
			n.taken[name] = true
			return name
		}
	}
}

func (n *packageNames) free(name string) bool {
	return !n.taken[name] && !n.locals[name] && !reservedWord(name)
}

// decl names something that a module declares: prefix and name, with the module between them where another module has the same.
func (n *packageNames) decl(prefix, module, name, suffix string) string {
	if prefix == "" {
		return n.take(unexported(name)+suffix, unexported(module+"."+name)+suffix)
	}
	return n.take(prefix+exported(name)+suffix, prefix+exported(module+"."+name)+suffix)
}

// locals are the names inside one function. None hides a name of the package, of an import or of Go.
type locals struct {
	outer *packageNames
	taken map[string]bool
}

func newLocals(n *packageNames) *locals {
	return &locals{outer: n, taken: map[string]bool{}}
}

// take returns a free name like this one.
func (l *locals) take(name string) string {
	name = unexported(name)
	free := func(s string) bool { return !l.taken[s] && !l.outer.taken[s] && !reservedWord(s) }
	candidate := name
	for i := 2; !free(candidate); i++ {
		candidate = name + strconv.Itoa(i)
	}
	l.taken[candidate] = true
	l.outer.locals[candidate] = true
	return candidate
}

// release makes a name available again that was not used.
func (l *locals) release(name string) { delete(l.taken, name) }

// nameAll names everything that is declared, before anything is written, so that names do not hang on what uses them.
func (g *gen) nameAll() {
	g.enums = newEnums(g.p)
	for _, m := range g.p.Modules {
		for _, t := range m.Types {
			g.nameType(t, m.Name)
		}
		for _, t := range m.Tables {
			g.nameType(t.Row, m.Name)
		}
	}
	for _, m := range g.p.Modules {
		for _, t := range m.Shapes {
			g.nameType(t, m.Name)
		}
	}
	for _, m := range g.p.Modules {
		for _, t := range m.Tables {
			g.tableVar[t] = g.names.decl("", m.Name, t.Row.Name, "Table")
			g.tableOf[g.plans.Table(t)] = t
		}
		for _, x := range m.Guards {
			g.funcName[x] = g.names.decl("guard", m.Name, x.Name, "")
		}
		for _, x := range m.Fns {
			g.funcName[x] = g.names.decl("", m.Name, x.Name, "")
		}
		g.nameExterns(m)
		for _, e := range m.AllEntryPoints() {
			g.funcName[e] = g.names.decl("", m.Name, e.Head().Name, "")
		}
	}
	for _, q := range g.p.Queries {
		module, name := cutName(q.Name)
		name, number, _ := strings.Cut(name, "#")
		g.queryVar[q] = g.names.take(unexported(name)+"Query"+number, unexported(module+"."+name)+"Query"+number)
	}
}

// cutName parts module/name; the module may have slashes too.
func cutName(full string) (module, name string) {
	i := strings.LastIndexByte(full, '/')
	return full[:max(i, 0)], full[i+1:]
}

// nameType names a type and what belongs to it.
func (g *gen) nameType(t ir.Type, module string) {
	if _, named := g.typeName[t]; named {
		return
	}
	if e, ok := t.(*ir.Enum); ok && e.Anonymous && g.enums.one(e) != e {
		g.nameType(g.enums.one(e), module)
		g.typeName[e], g.values[e] = g.typeName[g.enums.one(e)], g.values[g.enums.one(e)]
		return
	}
	var name string
	switch t := t.(type) {
	case *ir.Record:
		name = t.Name
		if name == "" && t.PatchOf != nil {
			name = t.PatchOf.Name + "Patch"
		}
	case *ir.Enum:
		name = t.Name
	case *ir.Union:
		name = t.Name
	default:
		return
	}
	g.typeName[t] = g.names.take(exported(name), exported(module+"."+name))
	g.home[t] = module
	g.types = append(g.types, t)
	switch t := t.(type) {
	case *ir.Record:
		taken := map[string]bool{}
		for _, f := range t.Fields {
			name := exported(f.Name)
			for taken[name] {
				name += "_"
			}
			taken[name] = true
			g.fields[f] = name
		}
	case *ir.Enum:
		for _, v := range t.Values {
			g.values[t] = append(g.values[t], g.names.take(g.typeName[t]+exported(constantWord(v))))
		}
	}
}

// constantWord is the part of a constant's name that its text gives. A text without letters or digits is named by its code points.
func constantWord(v string) string {
	if len(words(v)) > 0 {
		return v
	}
	out := "empty"
	for i, r := range v {
		if i == 0 {
			out = "u"
		}
		out += strings.ToUpper(strconv.FormatInt(int64(r), 16))
	}
	return out
}
