package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/livec-lang/livec/runtime/wire"
)

// contractURL is the name under which the contract's schemas refer to each other. Nothing is fetched from it.
const contractURL = "live:///contract.json"

// contract is the app's contract, made ready to judge arguments.
type contract struct {
	Contract
	entries map[string]*contractEntry
	// published are the schemas of what clients publish, by channel and part of a room.
	published map[string]*jsonschema.Schema
	schema    any // the document that holds all schemas, to look keywords up
}

// contractEntry is one entry point with its compiled schema.
type contractEntry struct {
	*ContractEntryPoint
	args *jsonschema.Schema
}

// entryName is where the schema of what clients publish stands among the types.
func entryName(publisher string) string { return "entry." + publisher }

// newContract compiles the schemas of a contract. An app without a contract has an empty one, and whatever the generated decoders refuse is refused.
func newContract(data []byte) (*contract, error) {
	c := &contract{entries: map[string]*contractEntry{}, published: map[string]*jsonschema.Schema{}}
	if len(data) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(data, &c.Contract); err != nil {
		return nil, fmt.Errorf("the contract cannot be read: %w", err)
	}
	defs := map[string]json.RawMessage{}
	for name, schema := range c.Defs {
		defs[name] = schema
	}
	for i := range c.Modules {
		for j := range c.Modules[i].EntryPoints {
			e := &c.Modules[i].EntryPoints[j]
			c.entries[e.Name] = &contractEntry{ContractEntryPoint: e}
			if e.Args != nil {
				defs[argsDef(e.Name)] = e.Args
			}
			for name, schema := range e.publishes() {
				defs[entryName(name)] = schema
				c.published[name] = nil
			}
		}
	}
	document, err := json.Marshal(map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": defs})
	if err != nil {
		return nil, fmt.Errorf("the contract's schemas cannot be read: %w", err)
	}
	if c.schema, err = wire.Parse(document); err != nil {
		return nil, fmt.Errorf("the contract's schemas cannot be read: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.AssertFormat, compiler.AssertContent = true, true
	if err := compiler.AddResource(contractURL, bytes.NewReader(document)); err != nil {
		return nil, fmt.Errorf("the contract's schemas cannot be used: %w", err)
	}
	for name, e := range c.entries {
		if e.Args == nil {
			continue
		}
		if e.args, err = compiler.Compile(contractURL + "#/$defs/" + wire.EscapePointer(argsDef(name))); err != nil {
			return nil, fmt.Errorf("the schema of %s cannot be used: %w", name, err)
		}
	}
	for name := range c.published {
		if c.published[name], err = compiler.Compile(contractURL + "#/$defs/" + wire.EscapePointer(entryName(name))); err != nil {
			return nil, fmt.Errorf("the schema of what is published to %s cannot be used: %w", name, err)
		}
	}
	return c, nil
}

// publishes gives the schemas of what clients publish to an entry point and its parts, by their names.
func (e *ContractEntryPoint) publishes() map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	if e.Event != nil {
		all[e.Name] = e.Event
	}
	if e.Presence != nil && e.Presence.Event != nil {
		all[e.Name+presencePart] = e.Presence.Event
	}
	if e.Cursors != nil && e.Cursors.Event != nil {
		all[e.Name+cursorsPart] = e.Cursors.Event
	}
	return all
}

// argsDef is where the schema of an entry point's arguments stands among the types, none of which has such a name.
func argsDef(name string) string { return "args." + name }

// maxIssues bounds how many issues one answer lists.
const maxIssues = 20

// judge has the schema of an entry point judge arguments that its decoder did not accept, and has parse read them if the schema does.
func (c *contract) judge(entry string, args []byte, parse func([]byte) (any, error)) (any, error) {
	v, err := wire.Parse(args)
	if err != nil {
		var duplicate *wire.DuplicateError
		if errors.As(err, &duplicate) {
			return nil, c.refusal(entry, []Issue{{Path: duplicate.Path, Message: "must not be there twice"}})
		}
		return nil, &Error{Code: CodeMalformed, Message: "The arguments are not JSON"}
	}
	e := c.entries[entry]
	if e == nil || e.args == nil {
		return nil, &Error{Code: CodeValidation, Message: "The arguments do not fit"}
	}
	if err := e.args.Validate(v); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			return nil, fmt.Errorf("judging the arguments of %s: %w", entry, err)
		}
		r := report{contract: c, instance: v}
		r.collect(invalid)
		return nil, c.refusal(entry, r.issues)
	}
	a, err := parse(args)
	if err != nil {
		var known *Error
		if errors.As(err, &known) {
			return nil, known
		}
		return nil, fmt.Errorf("the schema of %s accepts arguments that cannot be read: %w", entry, err)
	}
	return a, nil
}

// judgeEntry has the schema of what clients publish judge an entry that the decoder did not accept, and has parse read it if the schema does.
func (c *contract) judgeEntry(publisher string, value []byte, parse func([]byte) ([]byte, error)) ([]byte, error) {
	v, err := wire.Parse(value)
	if err != nil {
		var duplicate *wire.DuplicateError
		if errors.As(err, &duplicate) {
			return nil, entryRefusal([]Issue{{Path: duplicate.Path, Message: "must not be there twice"}})
		}
		return nil, &Error{Code: CodeMalformed, Message: "The entry is not JSON"}
	}
	schema := c.published[publisher]
	if schema == nil {
		return nil, entryRefusal(nil)
	}
	if err := schema.Validate(v); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			return nil, fmt.Errorf("judging an entry of %s: %w", publisher, err)
		}
		r := report{contract: c, instance: v}
		r.collect(invalid)
		return nil, entryRefusal(r.issues)
	}
	data, err := parse(value)
	if err != nil {
		var known *Error
		if errors.As(err, &known) {
			return nil, known
		}
		return nil, fmt.Errorf("the schema of %s accepts an entry that cannot be read: %w", publisher, err)
	}
	return data, nil
}

// entryRefusal is refusal for an entry.
func entryRefusal(issues []Issue) *Error {
	if len(issues) == 0 {
		return &Error{Code: CodeValidation, Message: "The entry does not fit"}
	}
	slices.SortStableFunc(issues, func(a, b Issue) int { return strings.Compare(a.Path, b.Path) })
	label := "The entry"
	if path := issues[0].Path; path != "" {
		parts := strings.Split(path[1:], "/")
		for i := range parts {
			parts[i] = wire.UnescapePointer(parts[i])
		}
		label = strings.Join(parts, ".")
	}
	return &Error{Code: CodeValidation, Message: label + " " + issues[0].Message, Issues: issues}
}

// refusal is the VALIDATION error of some issues. Its message is the first issue, with the name of the parameter.
func (c *contract) refusal(entry string, issues []Issue) *Error {
	if len(issues) == 0 {
		return &Error{Code: CodeValidation, Message: "The arguments do not fit"}
	}
	slices.SortStableFunc(issues, func(a, b Issue) int { return strings.Compare(a.Path, b.Path) }) // the validator goes through objects in no order
	return &Error{Code: CodeValidation, Message: c.label(entry, issues[0].Path) + " " + issues[0].Message, Issues: issues}
}

// label names a place in the arguments for people: the parameter's name and what is inside it, joined by dots.
func (c *contract) label(entry, path string) string {
	if path == "" {
		return "The list of arguments"
	}
	parts := strings.Split(path[1:], "/")
	if i, err := strconv.Atoi(parts[0]); err == nil {
		if e := c.entries[entry]; e != nil && i < len(e.Params) {
			parts[0] = e.Params[i].Name
		} else {
			parts[0] = "Argument " + strconv.Itoa(i+1)
		}
	}
	for i := range parts {
		parts[i] = wire.UnescapePointer(parts[i])
	}
	return strings.Join(parts, ".")
}
