package contract

import (
	"reflect"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/contract"
)

// forClients are the members that a client depends on: a client that was generated for another value sends or reads
// something else.
var forClients = map[string]bool{
	"kind": true, "name": true, "params": true, "args": true, "type": true, "result": true, "session": true, "merge": true, "paged": true,
	"event": true, "data": true, "presence": true, "cursors": true, "optional": true, "schema": true,
}

// TestHashKnowsEveryMember expects each member of an entry point to be listed as one that clients depend on, or as one
// for people. A server refuses clients whose contract has another hash. If a member for people changed the hash, the
// server would refuse clients that still work.
func TestHashKnowsEveryMember(t *testing.T) {
	seen := map[string]bool{}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[contract.EntryPoint](), reflect.TypeFor[contract.Part](), reflect.TypeFor[contract.Param](),
	} {
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			seen[name] = true
			if forPeople[name] == forClients[name] {
				t.Errorf("%s.%s: does a client depend on it? If not, add %q to forPeople in compiler/contract/hash.go. If it does, add it to "+
					"forClients in hash_test.go, and a change of it to TestHash", typ.Name(), typ.Field(i).Name, name)
			}
		}
	}
	for name := range forClients {
		if !seen[name] {
			t.Errorf("forClients has %q, which no entry point has any more", name)
		}
	}
}

// TestEntryPointHashes expects the hash of an entry point to change with what it refers to, at any depth, and with nothing else.
func TestEntryPointHashes(t *testing.T) {
	record := func(field string) object {
		return object{{"type", "object"}, {"properties", object{{field, object{}}}}}
	}
	of := func(doc, field, other string) map[string]string {
		defs := object{
			{"a.Row", object{{"items", list{object{{"$ref", "#/$defs/a.Part"}}}}}}, {"a.Part", record(field)}, {"a.Other", record(other)},
			{"a.Tree", object{{"children", object{{"$ref", "#/$defs/a.Tree"}}}}},
		}
		points := list{
			object{{"name", "a/rows"}, {"doc", doc}, {"result", object{{"$ref", "#/$defs/a.Row"}}}},
			object{{"name", "a/other"}, {"args", list{object{{"$ref", "#/$defs/a.Other"}}, object{{"$ref", "#/$defs/a.Tree"}}}}},
		}
		modules := list{object{{"entryPoints", points}}}
		before := hash(modules, defs)
		all := map[string]string{}
		for _, h := range addHashes(modules, defs) {
			all[h.Name] = h.Hash
		}
		if hash(modules, defs) != before {
			t.Error("the hashes of entry points change the hash of the contract")
		}
		return all
	}
	first := of("", "x", "y")
	for name, want := range map[string]map[string]bool{"doc": {}, "field": {"a/rows": true}, "other": {"a/other": true}} {
		args := map[string]string{"doc": "", "field": "x", "other": "y"}
		args[name] = "changed"
		for point, got := range of(args["doc"], args["field"], args["other"]) {
			if (got != first[point]) != want[point] {
				t.Errorf("after a change of %s: %s has the hash %s, and had %s", name, point, got, first[point])
			}
		}
	}
}
