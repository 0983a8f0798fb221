package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// told are the members that tell people something and change nothing for a client. Titles and descriptions are among them wherever they stand; what a property is named is not.
var told = map[string]bool{"doc": true, "access": true, "errors": true, "writes": true, "reads": true, "publishes": true, "signals": true, "description": true, "title": true}

// hash names what a client depends on: names, types and parameters, whatever their order in the source, and neither docs nor who may call.
func hash(modules list, defs object) string {
	var lines []string
	for _, m := range modules {
		for _, e := range m.(object).get("entries").(list) {
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

// canonical writes a value with its members sorted and without what is only told.
func canonical(v any) string {
	b, _ := json.Marshal(essence(v, false)) // maps are written in the order of their keys
	return string(b)
}

// essence is a value without what is only told. The members of an object of names are an app's own.
func essence(v any, names bool) any {
	switch v := v.(type) {
	case object:
		m := map[string]any{}
		for _, member := range v {
			if names || !told[member.name] {
				m[member.name] = essence(member.value, member.name == "properties")
			}
		}
		return m
	case list:
		all := make([]any, len(v))
		for i, x := range v {
			all[i] = essence(x, false)
		}
		return all
	case []string:
		return v
	}
	return v
}
