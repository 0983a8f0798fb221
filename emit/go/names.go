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

// initialisms are words that Go writes in upper case.
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

// words splits a name before upper-case letters and at characters that are not letters or digits.
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

// exported returns an exported Go name: sentAt becomes SentAt, id becomes ID.
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

// unexported returns an unexported Go name: Message becomes message, board.addCard becomes boardAddCard.
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

// packageNames has the package-level names of the generated package. It is the only place where names of the app can
// collide with names of Go. Declarations of the app are named first. Names that are chosen later, while functions are
// written, avoid the local variables so far, and local variables avoid package-level names, so neither hides the other.
type packageNames struct {
	taken  map[string]bool
	locals map[string]bool // names of local variables in all functions
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

// fixedNames are package-level names that every app has, or every app with a certain construct.
const fixedNames = "NewRegistry init main contract env _ upgrade identify userKey currentUser checkEnv settings"

// fixedLocals are local variables of functions that use package-level names: the arguments, the call and the error of a
// body, and the registry.
const fixedLocals = "a c err r"

// reservedWord reports whether a name is a keyword or predeclared in Go.
func reservedWord(name string) bool {
	return token.IsKeyword(name) || types.Universe.Lookup(name) != nil
}

// take returns the first of the names that is free, or else the last one with a number.
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

// decl returns a name for a declaration: prefix and name, with the module in between if another module declares the same name.
func (n *packageNames) decl(prefix, module, name, suffix string) string {
	if prefix == "" {
		return n.take(unexported(name)+suffix, unexported(module+"."+name)+suffix)
	}
	return n.take(prefix+exported(name)+suffix, prefix+exported(module+"."+name)+suffix)
}

// locals has the names inside one function. None of them hides a package-level name, an import or a predeclared name.
type locals struct {
	outer *packageNames
	taken map[string]bool
}

func newLocals(n *packageNames) *locals {
	return &locals{outer: n, taken: map[string]bool{}}
}

// take returns a free name similar to this one.
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

// release frees a name that was not used.
func (l *locals) release(name string) { delete(l.taken, name) }

// nameAll names all declarations before anything is written, so that their names do not depend on uses.
func (g *gen) nameAll() {
	g.enums = newEnums(g.p)
	g.nameSettings()
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
			suffix := ""
			if x.System {
				suffix = "AsSystem"
			}
			g.funcName[x] = g.names.decl("", m.Name, x.Name, suffix)
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

// cutName splits module/name. The module may contain slashes.
func cutName(full string) (module, name string) {
	i := strings.LastIndexByte(full, '/')
	return full[:max(i, 0)], full[i+1:]
}

// nameType names a type and the declarations that belong to it.
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
			g.fields[f] = free(exported(f.Name), taken)
		}
	case *ir.Enum:
		for _, v := range t.Values {
			g.values[t] = append(g.values[t], g.names.take(g.typeName[t]+exported(constantWord(v))))
		}
	}
}

// free returns a name for a member of a struct that no member has yet. Two names of the language may become one name of Go,
// such as `aId` and `aID`.
func free(name string, taken map[string]bool) string {
	for taken[name] {
		name += "_"
	}
	taken[name] = true
	return name
}

// constantWord returns the part of a constant's name that comes from its text. A text without letters or digits is
// named by its code points.
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
