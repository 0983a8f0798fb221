package ir

import "strings"

// Path is a variable, a value of ctx or env, or fields from one. Two readings with the same path have the same value. Paths are
// comparable.
type Path struct {
	root   any    // *Var, *Field added to ctx, *EnvVar, or ctxRoot
	fields string // names of fields, each with a dot before it
}

// ctxRoot is a value of ctx that stands there by itself.
type ctxRoot string

// PathOf is the path of an expression; ok is false if it is something else, such as a call.
func PathOf(x Expr) (p Path, ok bool) {
	switch x := x.(type) {
	case *Local:
		return Path{root: x.Var}, true
	case *CtxUser:
		return Path{root: ctxRoot("user")}, true
	case *CtxIP:
		return Path{root: ctxRoot("ip")}, true
	case *CtxPath:
		return Path{root: ctxRoot("path")}, true
	case *CtxAdded:
		return Path{root: x.Field}, true
	case *EnvRef:
		return Path{root: x.Env}, true
	case *Wrap:
		return PathOf(x.X)
	case *Unwrap:
		return PathOf(x.X)
	case *FieldOf:
		p, ok := PathOf(x.X)
		p.fields += "." + x.Field.Name
		return p, ok
	}
	return Path{}, false
}

// OfCtx says whether the path begins at ctx: at the caller, or at what a guard has added.
func (p Path) OfCtx() bool {
	switch p.root.(type) {
	case ctxRoot, *Field:
		return true
	}
	return false
}

// Moved is p with `to` in the place of `from`; ok is false if p is neither `from` nor fields of it.
func (p Path) Moved(from, to Path) (moved Path, ok bool) {
	rest, ok := strings.CutPrefix(p.fields, from.fields)
	if !ok || p.root != from.root || rest != "" && rest[0] != '.' {
		return Path{}, false
	}
	to.fields += rest
	return to, true
}

// PathOfVar is the path of a variable.
func PathOfVar(v *Var) Path { return Path{root: v} }
