package contract

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/compiler/ir"
)

// drawType draws a type of any kind. n counts the records, whose names are numbered.
func drawType(t *rapid.T, depth int, n *int) ir.Type {
	kinds := 9
	if depth > 0 {
		kinds = 15
	}
	low := rapid.Int64Range(0, 3).Draw(t, "low")
	high := low + rapid.Int64Range(0, 3).Draw(t, "more")
	bounded := rapid.Bool().Draw(t, "bounded")
	refine := func(kind ir.ScalarKind, r ir.Refine) ir.Type {
		if !bounded {
			return plain(kind)
		}
		return refined(kind, r)
	}
	switch kind := rapid.IntRange(0, kinds-1).Draw(t, "kind"); kind {
	case 0:
		return refine(ir.String, ir.Refine{Min: &low, Max: &high})
	case 1:
		return refine(ir.Int, ir.Refine{Min: &low, Max: &high})
	case 2:
		return refine(ir.Float, ir.Refine{FMin: of(float64(low)), FMax: of(float64(high))})
	case 3:
		return refine(ir.Bytes, ir.Refine{Min: &low, Max: &high})
	case 4, 5, 6, 7:
		return plain([]ir.ScalarKind{ir.Bool, ir.Time, ir.Duration, ir.ID}[kind-4])
	case 8:
		values := []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "literals")]
		*n++
		return &ir.Enum{Module: "m", Name: fmt.Sprintf("Enum%d", *n), Values: values, Anonymous: bounded}
	case 9:
		inner := drawType(t, depth-1, n)
		if _, twice := inner.(*ir.Optional); twice {
			return inner
		}
		return &ir.Optional{Elem: inner}
	case 10:
		l := &ir.List{Elem: drawType(t, depth-1, n)}
		if bounded {
			l.Refine = &ir.Refine{Min: &low, Max: &high}
		}
		return l
	case 11:
		return &ir.Map{Elem: drawType(t, depth-1, n)}
	case 12:
		u := &ir.Union{Module: "m", Tag: "kind"}
		*n++
		u.Name = fmt.Sprintf("Union%d", *n)
		for _, value := range []string{"x", "y"} {
			r := drawRecord(t, depth-1, n)
			r.Anonymous, r.TagOf = false, u
			r.Fields = append(r.Fields, field("kind", plain(ir.String)))
			u.Variants = append(u.Variants, ir.Variant{Value: value, Record: r})
		}
		return u
	}
	return drawRecord(t, depth-1, n)
}

func drawRecord(t *rapid.T, depth int, n *int) *ir.Record {
	*n++
	r := &ir.Record{Module: "m", Name: fmt.Sprintf("Record%d", *n), Anonymous: rapid.Bool().Draw(t, "anonymous")}
	for i := range rapid.IntRange(0, 3).Draw(t, "fields") {
		f := field(fmt.Sprintf("f%d", i), drawType(t, depth, n))
		switch rapid.IntRange(0, 5).Draw(t, "mark") {
		case 0:
			f.Server = true
		case 1:
			f.Secret = true
		case 2:
			f.Default = someValue
		}
		r.Fields = append(r.Fields, f)
	}
	return r
}

// drawValue draws a value of a type, as decoded JSON.
func drawValue(t *rapid.T, typ ir.Type, d direction) any {
	switch typ := typ.(type) {
	case *ir.Scalar:
		return drawScalar(t, typ)
	case *ir.Optional:
		if rapid.Bool().Draw(t, "null") {
			return nil
		}
		return drawValue(t, typ.Elem, d)
	case *ir.List:
		least, most := int64(0), int64(2)
		if typ.Refine != nil {
			least, most = *typ.Refine.Min, *typ.Refine.Max
		}
		list := []any{}
		for range rapid.Int64Range(least, most).Draw(t, "length") {
			list = append(list, drawValue(t, typ.Elem, d))
		}
		return list
	case *ir.Map:
		return map[string]any{"one": drawValue(t, typ.Elem, d)}
	case *ir.Enum:
		return rapid.SampledFrom(typ.Values).Draw(t, "literal")
	case *ir.Union:
		v := rapid.SampledFrom(typ.Variants).Draw(t, "variant")
		return drawValue(t, v.Record, d)
	case *ir.Record:
		return drawMembers(t, typ, d)
	}
	panic("a type that is not drawn")
}

func drawMembers(t *rapid.T, r *ir.Record, d direction) map[string]any {
	object := map[string]any{}
	for _, f := range r.Fields {
		_, optional := f.Type.(*ir.Optional)
		switch {
		case d == in && f.Server || f.Secret:
		case d == in && (optional || f.Default != nil) && rapid.Bool().Draw(t, "left out"):
		case r.TagOf != nil && f.Name == r.TagOf.Tag:
			for _, v := range r.TagOf.Variants {
				if v.Record == r {
					object[f.Name] = v.Value
				}
			}
		default:
			object[f.Name] = drawValue(t, f.Type, d)
		}
	}
	return object
}

func drawScalar(t *rapid.T, s *ir.Scalar) any {
	low, high := int64(0), int64(5)
	if s.Refine != nil && s.Refine.Min != nil {
		low, high = *s.Refine.Min, *s.Refine.Max
	}
	n := rapid.Int64Range(low, high).Draw(t, "n")
	switch s.Kind {
	case ir.Int, ir.Duration:
		return n
	case ir.Float:
		if s.Refine != nil {
			return rapid.Float64Range(*s.Refine.FMin, *s.Refine.FMax).Draw(t, "float")
		}
		return rapid.Float64Range(-1e300, 1e300).Draw(t, "float")
	case ir.Bool:
		return rapid.Bool().Draw(t, "bool")
	case ir.Time:
		return "2026-01-31T09:30:00.000Z"
	case ir.Bytes:
		return base64.StdEncoding.EncodeToString(make([]byte, n))
	}
	return strings.Repeat("😀", int(n)) // one code point, two units of UTF-16, four bytes
}

// TestPropertyAccepts draws types with values. The schema of each type must accept its values, in both directions.
func TestPropertyAccepts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := 0
		typ := drawType(rt, 3, &n)
		d := direction(rapid.Bool().Draw(rt, "direction"))
		value := drawValue(rt, typ, d)
		text, err := json.Marshal(value)
		if err != nil {
			rt.Fatal(err)
		}
		if err := validate(t, compile(t, typ, d), string(text)); err != nil {
			rt.Fatalf("%s refuses %s: %v", ir.TypeString(typ), text, err)
		}
	})
}

// TestPropertyRefuses adds a member that no type has to a record somewhere in a value. The schema must refuse it.
func TestPropertyRefuses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := 0
		typ := drawRecord(rt, 2, &n)
		d := direction(rapid.Bool().Draw(rt, "direction"))
		value := drawMembers(rt, typ, d)
		records := inside(nil, value, typ, d)
		rapid.SampledFrom(records).Draw(rt, "record")["stranger"] = 1
		text, err := json.Marshal(value)
		if err != nil {
			rt.Fatal(err)
		}
		if validate(t, compile(t, typ, d), string(text)) == nil {
			rt.Fatalf("%s accepts %s", ir.TypeString(typ), text)
		}
	})
}

// inside returns the objects in a value that are records. If the value is one, it comes first.
func inside(found []map[string]any, value any, typ ir.Type, d direction) []map[string]any {
	switch typ := typ.(type) {
	case *ir.Optional:
		if value != nil {
			return inside(found, value, typ.Elem, d)
		}
	case *ir.List:
		for _, x := range value.([]any) {
			found = inside(found, x, typ.Elem, d)
		}
	case *ir.Map:
		for _, x := range value.(map[string]any) {
			found = inside(found, x, typ.Elem, d)
		}
	case *ir.Record:
		object := value.(map[string]any)
		found = append(found, object)
		for _, f := range typ.Fields {
			if x, there := object[f.Name]; there {
				found = inside(found, x, f.Type, d)
			}
		}
	}
	return found
}
