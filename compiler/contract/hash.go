package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// forPeople are the members that only people read, so that a client does not depend on them. This includes titles and
// descriptions at any depth, but not properties with these names.
var forPeople = map[string]bool{
	"doc": true, "access": true, "errors": true, "writes": true, "reads": true, "publishes": true, "signals": true,
	"description": true, "title": true, "hash": true,
}

// hash returns a digest of what a client depends on: names, types and parameters. It does not depend on their order in
// the source, on documentation, or on who may call.
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
	return digest(lines, 16)
}

// entryPointHash returns a digest of what the clients of one entry point depend on: the entry point, and the types that it refers to.
func entryPointHash(e, defs object) string {
	lines := []string{canonical(e)}
	seen := map[string]bool{}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case object:
			for _, m := range v {
				if ref, ok := m.value.(string); ok && m.name == "$ref" {
					name := strings.TrimPrefix(ref, "#/$defs/")
					if !seen[name] {
						seen[name] = true
						lines = append(lines, name+" "+canonical(defs.get(name)))
						visit(defs.get(name))
					}
				}
				visit(m.value)
			}
		case list:
			for _, x := range v {
				visit(x)
			}
		}
	}
	visit(e)
	return digest(lines, 6)
}

// digest returns n bytes of a digest of lines, as hexadecimal. Their order does not matter.
func digest(lines []string, n int) string {
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:n])
}

// canonical returns a value without spaces, with sorted members, and without the members for people.
func canonical(v any) string { return string(appendCanonical(nil, v, false)) }

// appendCanonical appends the canonical form of a value. names is true for an object whose keys are names in the app.
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
		if isPlain(v) && !strings.ContainsAny(v, "<>&") { // these are escaped
			return append(append(append(b, '"'), v...), '"')
		}
	}
	one, _ := json.Marshal(v) // a string, number, boolean, or a list of these
	return append(b, one...)
}
