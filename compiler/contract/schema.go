package contract

import (
	"math"
	"strings"
	"time"

	"github.com/livec-lang/livec/compiler/ir"
)

// direction distinguishes what clients send from what they receive. A field with a default may be absent when it is
// sent, but is always received. A server field is only received. A secret field is neither sent nor received.
type direction bool

const (
	in  direction = false
	out direction = true
)

// maxInt is the largest int of the language, and the largest integer that is exact in JavaScript's JSON (RFC 8259 §6).
const maxInt = 1<<53 - 1

// maxMillis is the longest duration in milliseconds: 292 years, the limit of time.Duration.
const maxMillis = int64(math.MaxInt64 / time.Millisecond)

// schemas collects the JSON Schemas (draft 2020-12) of named types, each once.
type schemas struct {
	home    string // the module whose types have names without a module; "" for none
	defs    map[string]object
	differs map[ir.Type]bool
}

func newSchemas(home string) *schemas {
	return &schemas{home: home, defs: map[string]object{}, differs: map[ir.Type]bool{}}
}

// of returns the schema of a type.
func (s *schemas) of(t ir.Type, d direction) object {
	switch t := t.(type) {
	case *ir.Scalar:
		return scalar(t)
	case *ir.Optional:
		return nullable(s.of(t.Elem, d))
	case *ir.List:
		o := object{{"type", "array"}, {"items", s.of(t.Elem, d)}}
		if t.Refine != nil {
			o = bounds(o, t.Refine, "minItems", "maxItems")
		}
		return o
	case *ir.Map:
		return object{{"type", "object"}, {"additionalProperties", s.of(t.Elem, d)}}
	case *ir.Record:
		if t.Anonymous && t.PatchOf == nil {
			return s.record(t, d)
		}
		return s.ref(t, d)
	case *ir.Enum:
		if t.Anonymous {
			return enum(t)
		}
		return s.ref(t, d)
	case *ir.Union:
		return s.ref(t, d)
	case *ir.Null, *ir.Void:
		return object{{"type", "null"}}
	}
	panic(ir.UnknownType(t))
}

// ref returns a reference to the definition of a named type, and makes the definition if there is none yet.
func (s *schemas) ref(t ir.Type, d direction) object {
	name := s.name(t)
	if d == in && s.different(t) {
		name += ".input"
	}
	if _, made := s.defs[name]; !made {
		s.defs[name] = nil // marks the definition as begun, since a record may refer to itself
		switch t := t.(type) {
		case *ir.Record:
			s.defs[name] = described(s.record(t, d), t.Doc)
		case *ir.Enum:
			s.defs[name] = described(enum(t), t.Doc)
		case *ir.Union:
			s.defs[name] = described(s.union(t, d), t.Doc)
		default:
			panic(ir.UnknownType(t))
		}
	}
	return object{{"$ref", "#/$defs/" + name}}
}

// name returns the name of a type's definition. For types of other modules it includes the module. Dots replace
// slashes, since a slash separates the parts of a JSON Pointer.
func (s *schemas) name(t ir.Type) string {
	var module, name string
	switch t := t.(type) {
	case *ir.Record:
		if t.PatchOf != nil {
			return s.name(t.PatchOf) + ".patch"
		}
		module, name = t.Module, t.Name
	case *ir.Enum:
		module, name = t.Module, t.Name
	case *ir.Union:
		module, name = t.Module, t.Name
	default:
		panic(ir.UnknownType(t))
	}
	if module == s.home && s.home != "" {
		return name
	}
	return strings.ReplaceAll(module, "/", ".") + "." + name
}

// scalar returns the schema of a built-in type.
func scalar(t *ir.Scalar) object {
	r := t.Refine
	if r == nil {
		r = &ir.Refine{}
	}
	switch t.Kind {
	case ir.Int:
		return integer(r)
	case ir.Float:
		return float(r)
	case ir.Bool:
		return object{{"type", "boolean"}}
	case ir.Time:
		return object{{"type", "string"}, {"format", "date-time"}}
	case ir.Duration:
		return object{{"type", "integer"}, {"minimum", -maxMillis}, {"maximum", maxMillis}, {"title", "duration in milliseconds"}}
	case ir.Bytes:
		return binary(r)
	case ir.JSON:
		return object{}
	case ir.String, ir.ID:
		return text(r)
	}
	panic("a scalar of unknown kind: " + t.Kind.String())
}

func text(r *ir.Refine) object {
	o := bounds(object{{"type", "string"}}, r, "minLength", "maxLength") // JSON Schema counts code points, as the language does
	switch r.Format {
	case "email":
		o.set("format", "email")
	case "url":
		o.set("format", "uri")
	}
	o.setText("pattern", r.PatternText)
	return o
}

func integer(r *ir.Refine) object {
	low, high := int64(-maxInt), int64(maxInt)
	if r.Min != nil {
		low = max(low, *r.Min)
	}
	if r.Max != nil {
		high = min(high, *r.Max)
	}
	return object{{"type", "integer"}, {"minimum", low}, {"maximum", high}}
}

// float returns the schema of a float. It has bounds even without a refinement, since JSON can write numbers that a float64 cannot hold.
func float(r *ir.Refine) object {
	low, high := -math.MaxFloat64, math.MaxFloat64
	switch {
	case r.FMin != nil:
		low = *r.FMin
	case r.Min != nil:
		low = float64(*r.Min)
	}
	switch {
	case r.FMax != nil:
		high = *r.FMax
	case r.Max != nil:
		high = float64(*r.Max)
	}
	return object{{"type", "number"}, {"minimum", low}, {"maximum", high}}
}

// binary returns the schema of base64 text (RFC 4648 §4). Its maxLength is that of the longest allowed value. The
// annotations maxBytes and minBytes have the exact bounds, which JSON Schema cannot express; the decoder checks them.
func binary(r *ir.Refine) object {
	o := object{{"type", "string"}, {"contentEncoding", "base64"}}
	encoded := func(n int64) int64 { return (n + 2) / 3 * 4 }
	if r.Min != nil && *r.Min > 0 {
		o.set("minLength", encoded(*r.Min))
		o.set("minBytes", *r.Min)
	}
	if r.Max != nil {
		o.set("maxLength", encoded(*r.Max))
		o.set("maxBytes", *r.Max)
	}
	return o
}

// bounds adds the bounds of a length.
func bounds(o object, r *ir.Refine, least, most string) object {
	if r.Min != nil && *r.Min > 0 {
		o.set(least, *r.Min)
	}
	if r.Max != nil {
		o.set(most, *r.Max)
	}
	return o
}

// enum returns the schema of a union of literals. An enum with a single literal is the tag of a record.
func enum(t *ir.Enum) object {
	if len(t.Values) == 1 {
		return object{{"const", t.Values[0]}}
	}
	return object{{"type", "string"}, {"enum", t.Values}}
}

// nullable returns a schema that also allows null. It chooses the form with the clearest message if a value matches neither.
func nullable(o object) object {
	if len(o) == 0 { // json already includes null
		return o
	}
	kind, ok := o.get("type").(string)
	if !ok {
		return object{{"anyOf", list{o, object{{"type", "null"}}}}}
	}
	null := make(object, len(o))
	copy(null, o)
	for i, m := range null {
		switch m.name {
		case "type":
			null[i].value = []string{kind, "null"}
		case "enum":
			values := list{}
			for _, v := range m.value.([]string) {
				values = append(values, v)
			}
			null[i].value = append(values, nil)
		}
	}
	return null
}

// described adds a doc comment.
func described(o object, doc []string) object {
	if text := docText(doc); text != "" {
		return o.with("description", text)
	}
	return o
}

// docText returns a doc comment as one text. It keeps line breaks, which Markdown shows as spaces.
func docText(doc []string) string { return strings.TrimSpace(strings.Join(doc, "\n")) }
