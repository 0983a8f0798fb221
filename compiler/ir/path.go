package ir

import "strings"

// Path is a variable, a value of ctx or env, or a field of one of these at any depth. Two expressions with the same path
// have the same value. Paths are comparable.
type Path struct {
	root   any    // *Var, *Field added to ctx, *EnvVar, or ctxRoot
	fields string // names of fields, each preceded by a dot
}

// ctxRoot is a value of ctx that is not a field added by a guard.
type ctxRoot string

// PathOf returns the path of an expression. ok is false if the expression has none, as a call.
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

// OfCtx reports whether the path begins at ctx: at the caller, or at a field that a guard has added.
func (p Path) OfCtx() bool {
	switch p.root.(type) {
	case ctxRoot, *Field:
		return true
	}
	return false
}

// Root returns the path that p begins at.
func (p Path) Root() Path { return Path{root: p.root} }

// Moved replaces the prefix `from` of p by `to`. ok is false if p is neither `from` nor a field of it.
func (p Path) Moved(from, to Path) (moved Path, ok bool) {
	rest, ok := strings.CutPrefix(p.fields, from.fields)
	if !ok || p.root != from.root || rest != "" && rest[0] != '.' {
		return Path{}, false
	}
	to.fields += rest
	return to, true
}

// PathOfVar returns the path of a variable.
func PathOfVar(v *Var) Path { return Path{root: v} }
