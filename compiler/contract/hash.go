package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// forPeople are the members that say something to people and change nothing for a client. Titles and descriptions are among them
// at any depth; the name of a property is not.
var forPeople = map[string]bool{
	"doc": true, "access": true, "errors": true, "writes": true, "reads": true, "publishes": true, "signals": true,
	"description": true, "title": true,
}

// hash names what a client depends on: names, types and parameters, whatever their order in the source, and neither docs nor who may call.
func hash(modules list, defs object) string {
	var lines []string
	for _, m := range modules {
		for _, e := range m.(object).get("entryPoints").(list) {
			lines = append(lines, canonical(e))
		}
	}
	for _, d := range defs {
		lines = append(lines, d.name+" "+canonical(d.value))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:16])
}

// canonical writes a value without spaces, with its members sorted and without what is only for people.
func canonical(v any) string { return string(appendCanonical(nil, v, false)) }

// appendCanonical is canonical for a value inside of others. The members of an object of names are an app's own.
func appendCanonical(b []byte, v any, names bool) []byte {
	switch v := v.(type) {
	case object:
		members := make(object, 0, len(v))
		for _, m := range v {
			if names || !forPeople[m.name] {
				members = append(members, m)
			}
		}
		slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
		b = append(b, '{')
		for i, m := range members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendCanonical(b, m.name, false), ':')
			b = appendCanonical(b, m.value, m.name == "properties")
		}
		return append(b, '}')
	case list:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, x, false)
		}
		return append(b, ']')
	case string:
		if isPlain(v) && !strings.ContainsAny(v, "<>&") { // those are escaped
			return append(append(append(b, '"'), v...), '"')
		}
	}
	one, _ := json.Marshal(v) // strings, numbers, booleans and lists of them
	return append(b, one...)
}
