package validate

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/wire"
)

// report turns the errors of the schema into issues for people.
type report struct {
	validator *Validator
	instance  any
	issues    []fault.Issue
}

func (r *report) add(path, message string) {
	issue := fault.Issue{Path: path, Message: message}
	if len(r.issues) < maxIssues && !slices.Contains(r.issues, issue) {
		r.issues = append(r.issues, issue)
	}
}

// collect reports the leaves of an error, which say what is wrong; the nodes above them only say how the validator got there.
func (r *report) collect(e *jsonschema.ValidationError) {
	keyword := keywordOf(e)
	switch {
	case (keyword == "anyOf" || keyword == "oneOf") && len(e.Causes) > 0:
		r.choice(e)
	case len(e.Causes) > 0:
		for _, cause := range e.Causes {
			r.collect(cause)
		}
	default:
		r.leaf(e, keyword)
	}
}

// keywordOf is the keyword of the schema that was violated.
func keywordOf(e *jsonschema.ValidationError) string {
	return e.AbsoluteKeywordLocation[strings.LastIndexByte(e.AbsoluteKeywordLocation, '/')+1:]
}

// choice reports a value that matches none of several forms: for the form that it was meant to have, if that is clear.
func (r *report) choice(e *jsonschema.ValidationError) {
	var meant []*jsonschema.ValidationError
	for _, branch := range e.Causes {
		if !r.otherKind(branch, e.InstanceLocation) {
			meant = append(meant, branch)
		}
	}
	if len(meant) == 1 {
		r.collect(meant[0])
		return
	}
	r.add(pointer(e.InstanceLocation), "must be one of the records of its type")
}

// otherKind reports whether a branch of a choice is clearly not meant: the value has another JSON type, or its tag names another form.
func (r *report) otherKind(e *jsonschema.ValidationError, at string) bool {
	for len(e.Causes) == 1 && e.Causes[0].InstanceLocation == at {
		e = e.Causes[0]
	}
	for _, leaf := range append(leaves(e), e) {
		switch keywordOf(leaf) {
		case "type":
			if leaf.InstanceLocation == at {
				return true
			}
		case "const":
			if strings.Count(leaf.InstanceLocation, "/") <= strings.Count(at, "/")+1 {
				return true
			}
		}
	}
	return false
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// leaf reports one violated keyword.
func (r *report) leaf(e *jsonschema.ValidationError, keyword string) {
	path := pointer(e.InstanceLocation)
	value := r.at(r.validator.schema, fragment(e.AbsoluteKeywordLocation))
	switch keyword {
	case "required":
		object, _ := r.at(r.instance, path).(map[string]any)
		names, _ := value.([]any)
		for _, name := range names {
			if name, ok := name.(string); ok {
				if _, there := object[name]; !there {
					r.add(path+"/"+wire.EscapePointer(name), "is required")
				}
			}
		}
	case "additionalProperties", "unevaluatedProperties":
		object, _ := r.at(r.instance, path).(map[string]any)
		parent := fragment(e.AbsoluteKeywordLocation)
		known, _ := r.at(r.validator.schema, parent[:strings.LastIndexByte(parent, '/')]+"/properties").(map[string]any)
		var unknown []string
		for name := range object {
			if _, ok := known[name]; !ok {
				unknown = append(unknown, name)
			}
		}
		slices.Sort(unknown)
		for _, name := range unknown {
			r.add(path+"/"+wire.EscapePointer(name), "is unknown")
		}
	case "minItems", "maxItems":
		unit := "item"
		if path == "" {
			unit = "argument"
		}
		r.add(path, sizeMessage(keyword, value, unit))
	case "minLength", "maxLength":
		if size, ok := r.bytes(e, keyword); ok {
			r.add(path, sizeMessage(keyword, size, "byte"))
		} else {
			r.add(path, sizeMessage(keyword, value, "character"))
		}
	case "minProperties", "maxProperties":
		r.add(path, sizeMessage(keyword, value, "member"))
	default:
		r.add(path, valueMessage(keyword, value, path))
	}
}

// bytes is the bound in bytes behind a bound of base64 text, and whether the schema has one. The compiler writes it beside the keyword.
func (r *report) bytes(e *jsonschema.ValidationError, keyword string) (bound any, ok bool) {
	text := fragment(e.AbsoluteKeywordLocation)
	schema, _ := r.at(r.validator.schema, strings.TrimSuffix(text, "/"+keyword)).(map[string]any)
	bound, ok = schema[strings.TrimSuffix(keyword, "Length")+"Bytes"]
	return bound, ok
}

// valueMessage says what a keyword about a single value requires.
func valueMessage(keyword string, value any, path string) string {
	switch keyword {
	case "type":
		return "must be " + typeNames(value)
	case "const":
		return "must be " + literal(value)
	case "enum":
		if values, ok := value.([]any); ok {
			return "must be " + oneOf(values)
		}
	case "format":
		return "must be " + formatName(fmt.Sprint(value))
	case "pattern":
		return fmt.Sprintf("must match /%v/", value)
	case "contentEncoding":
		return fmt.Sprintf("must be encoded as %v", value)
	case "minimum":
		return fmt.Sprintf("must be at least %v", value)
	case "maximum":
		return fmt.Sprintf("must be at most %v", value)
	case "exclusiveMinimum":
		return fmt.Sprintf("must be greater than %v", value)
	case "exclusiveMaximum":
		return fmt.Sprintf("must be less than %v", value)
	case "multipleOf":
		return fmt.Sprintf("must be a multiple of %v", value)
	case "uniqueItems":
		return "must not have the same item twice"
	}
	if value == false && strings.HasPrefix(path, "/") && strings.Count(path, "/") == 1 {
		return "is one argument too many"
	}
	return "does not fit its type"
}

func sizeMessage(keyword string, value any, unit string) string {
	n, _ := strconv.Atoi(fmt.Sprint(value))
	switch {
	case strings.HasPrefix(keyword, "max"):
		return "must " + verb(unit) + "at most " + plural(n, unit)
	case n == 1 && (unit == "item" || unit == "character" || unit == "byte"):
		return "must not be empty"
	}
	return "must " + verb(unit) + "at least " + plural(n, unit)
}

func verb(unit string) string {
	if unit == "character" {
		return "be "
	}
	return "have "
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

var jsonTypes = map[string]string{
	"string": "a string", "integer": "an integer", "number": "a number",
	"boolean": "true or false", "object": "an object", "array": "a list", "null": "null",
}

// typeNames writes the value of the keyword type: a name or a list of them.
func typeNames(value any) string {
	names, ok := value.([]any)
	if !ok {
		names = []any{value}
	}
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = jsonTypes[fmt.Sprint(name)]
	}
	return strings.Join(words, " or ")
}

func formatName(format string) string {
	switch format {
	case "email":
		return "an email address"
	case "uri", "url":
		return "a URL such as https://example.com"
	case "date-time":
		return "a time such as 2026-01-31T09:30:00.000Z"
	case "uuid":
		return "a UUID"
	}
	return "a valid " + format
}

func oneOf(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = literal(v)
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}

func literal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// fragment is the JSON Pointer in the location of a keyword.
func fragment(location string) string {
	_, escaped, _ := strings.Cut(location, "#")
	return pointer(escaped)
}

// pointer undoes the escaping for URLs that the validator applies to JSON Pointers.
func pointer(escaped string) string {
	if plain, err := url.PathUnescape(escaped); err == nil {
		return plain
	}
	return escaped
}

// at is the value that a JSON Pointer names, or nil.
func (r *report) at(v any, pointer string) any {
	if pointer == "" {
		return v
	}
	for part := range strings.SplitSeq(pointer[1:], "/") {
		name := wire.UnescapePointer(part)
		switch c := v.(type) {
		case map[string]any:
			v = c[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(c) {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}
