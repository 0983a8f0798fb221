package ir

import "fmt"

// PathOf names a variable, a value of ctx or env, or a path of fields from one, so that two readings can be told to be the same: what is read by one path has one value. Paths of ctx start with
// "ctx.".
func PathOf(x Expr) (path string, ok bool) {
	switch x := x.(type) {
	case *Local:
		return fmt.Sprintf("%p", x.Var), true
	case *CtxUser:
		return "ctx.user", true
	case *CtxIP:
		return "ctx.ip", true
	case *CtxPath:
		return "ctx.path", true
	case *CtxAdded:
		return fmt.Sprintf("ctx.%p", x.Field), true
	case *EnvRef:
		return fmt.Sprintf("env.%p", x.Env), true
	case *Wrap:
		return PathOf(x.X)
	case *Unwrap:
		return PathOf(x.X)
	case *FieldOf:
		p, ok := PathOf(x.X)
		return p + "." + x.Field.Name, ok
	}
	return "", false
}
