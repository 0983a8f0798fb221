package ir

import (
	"strconv"
	"strings"
)

var scalarNames = [...]string{
	String: "string", Int: "int", Float: "float", Bool: "bool", Time: "time", Duration: "duration", Bytes: "bytes", ID: "id", JSON: "json",
}

// String returns the name of the kind in the language.
func (k ScalarKind) String() string {
	if int(k) < len(scalarNames) && scalarNames[k] != "" {
		return scalarNames[k]
	}
	return "?"
}

// TypeString returns a type in the syntax of the language: `[Message]`, `string(1..40)?`, `{ x: float, y: float }`. For Void
// it returns the empty string, since the language has no word for it.
func TypeString(t Type) string {
	var b typeText
	b.writeType(t)
	return b.String()
}

// ShownString is TypeString for what clients receive: it leaves out the secret fields of records without a name.
func ShownString(t Type) string {
	b := typeText{shown: true}
	b.writeType(t)
	return b.String()
}

// typeText builds the text of a type.
type typeText struct {
	strings.Builder
	shown bool // leave out secret fields
}

func (b *typeText) writeType(t Type) {
	switch t := t.(type) {
	case *Scalar:
		b.WriteString(t.Kind.String())
		writeRefine(&b.Builder, t.Refine, t.Kind == Bytes)
	case *Optional:
		if e, ok := t.Elem.(*Enum); ok && e.Anonymous && len(e.Values) > 1 {
			b.WriteByte('(')
			b.writeType(t.Elem)
			b.WriteString(")?")
			return
		}
		b.writeType(t.Elem)
		b.WriteByte('?')
	case *List:
		b.WriteByte('[')
		b.writeType(t.Elem)
		b.WriteByte(']')
		writeRefine(&b.Builder, t.Refine, false)
	case *Map:
		b.WriteString("[string: ")
		b.writeType(t.Elem)
		b.WriteByte(']')
	case *Record:
		b.writeRecord(t)
	case *Enum:
		if !t.Anonymous {
			b.WriteString(t.Name)
			return
		}
		for i, v := range t.Values {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(quote(v))
		}
	case *Union:
		b.WriteString(t.Name)
	case *Null:
		b.WriteString("null")
	case *Void, nil: // nil if there is no result
	default:
		panic(UnknownType(t))
	}
}

func (b *typeText) writeRecord(r *Record) {
	switch {
	case r.PatchOf != nil:
		b.writeRecord(r.PatchOf)
		b.WriteString(".patch")
	case !r.Anonymous:
		b.WriteString(r.Name)
	default:
		before := "{ "
		for _, f := range r.Fields {
			if b.shown && !f.Shown() {
				continue
			}
			b.WriteString(before)
			b.WriteString(f.Name)
			b.WriteString(": ")
			b.writeType(f.Type)
			before = ", "
		}
		if before == "{ " {
			b.WriteString("{}")
			return
		}
		b.WriteString(" }")
	}
}

// writeRefine writes the parentheses after a type: the range, then the format, then the pattern.
func writeRefine(b *strings.Builder, r *Refine, sizes bool) {
	if r == nil {
		return
	}
	var parts []string
	switch {
	case r.FMin != nil || r.FMax != nil:
		parts = append(parts, bound(r.FMin, writeFloat)+".."+bound(r.FMax, writeFloat))
	case r.Min != nil || r.Max != nil:
		write := writeInt
		if sizes {
			write = writeSize
		}
		parts = append(parts, bound(r.Min, write)+".."+bound(r.Max, write))
	}
	if r.Format != "" {
		parts = append(parts, r.Format)
	}
	if r.PatternText != "" {
		parts = append(parts, "/"+r.PatternText+"/")
	}
	if len(parts) > 0 {
		b.WriteByte('(')
		b.WriteString(strings.Join(parts, ", "))
		b.WriteByte(')')
	}
}

func bound[N any](n *N, write func(N) string) string {
	if n == nil {
		return ""
	}
	return write(*n)
}

func writeInt(n int64) string     { return strconv.FormatInt(n, 10) }
func writeFloat(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// writeSize writes a number of bytes in the largest unit that divides it.
func writeSize(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return writeInt(n>>20) + "mb"
	case n > 0 && n%(1<<10) == 0:
		return writeInt(n>>10) + "kb"
	}
	return writeInt(n)
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "{", `\{`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// quote returns s as a string literal of the language.
func quote(s string) string { return `"` + quoter.Replace(s) + `"` }
