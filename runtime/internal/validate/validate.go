// Package validate checks what clients send against the JSON Schemas of an app's contract. Generated decoders accept most of it before. For
// what they refuse, the schema decides.
package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/wire"
)

// contractURL is the name by which the contract's schemas refer to each other. Nothing is downloaded from it.
const contractURL = "live:///contract.json"

// Validator checks what clients send against the JSON Schemas of an app's contract. It is safe for concurrent use.
type Validator struct {
	contract    contract.Contract
	entryPoints map[string]*entryPoint
	// published are the schemas of what clients publish, by channel and part of a room.
	published map[string]*jsonschema.Schema
	schema    any // the document that contains all schemas, to look up keywords
}

// entryPoint is one entry point with its compiled schema.
type entryPoint struct {
	*contract.EntryPoint
	args *jsonschema.Schema
}

// eventDef is the name of the schema of what clients publish, among the types.
func eventDef(publisher string) string { return "event." + publisher }

// Codes are the codes with which the app lets calls fail.
func (c *Validator) Codes() map[string]bool {
	codes := map[string]bool{}
	for _, e := range c.entryPoints {
		for _, code := range e.Errors {
			codes[code] = true
		}
	}
	return codes
}

// New compiles the schemas of a contract. Without a contract, the Validator refuses everything.
func New(data []byte) (*Validator, error) {
	c := &Validator{entryPoints: map[string]*entryPoint{}, published: map[string]*jsonschema.Schema{}}
	if len(data) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(data, &c.contract); err != nil {
		return nil, fmt.Errorf("the contract cannot be read: %w", err)
	}
	defs := map[string]json.RawMessage{}
	for name, schema := range c.contract.Defs {
		defs[name] = schema
	}
	for i := range c.contract.Modules {
		for j := range c.contract.Modules[i].EntryPoints {
			e := &c.contract.Modules[i].EntryPoints[j]
			c.entryPoints[e.Name] = &entryPoint{EntryPoint: e}
			if e.Args != nil {
				defs[argsDef(e.Name)] = e.Args
			}
			for name, schema := range e.Published() {
				defs[eventDef(name)] = schema
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
	for name, e := range c.entryPoints {
		if e.Args == nil {
			continue
		}
		if e.args, err = compiler.Compile(contractURL + "#/$defs/" + wire.EscapePointer(argsDef(name))); err != nil {
			return nil, fmt.Errorf("the schema of %s cannot be used: %w", name, err)
		}
	}
	for name := range c.published {
		if c.published[name], err = compiler.Compile(contractURL + "#/$defs/" + wire.EscapePointer(eventDef(name))); err != nil {
			return nil, fmt.Errorf("the schema of events for %s cannot be used: %w", name, err)
		}
	}
	return c, nil
}

// argsDef is the name of the schema of an entry point's arguments, among the types. No type has such a name.
func argsDef(name string) string { return "args." + name }

// maxIssues bounds how many issues one answer lists.
const maxIssues = 20

// Arguments validates arguments that the decoder of an entry point has refused. If the schema accepts them, parse reads them. The error is
// a fault.Error: VALIDATION with the issues, or MALFORMED.
func (c *Validator) Arguments(name string, args []byte, parse func([]byte) error) error {
	var schema *jsonschema.Schema
	if e := c.entryPoints[name]; e != nil {
		schema = e.args
	}
	return c.check(subject{
		what: "arguments of " + name, malformed: "The arguments are not JSON",
		refuse: func(issues []fault.Issue) *fault.Error { return c.refusal(name, issues) },
	}, schema, args, parse)
}

// Event validates what a client publishes to a channel or a part of a room, as Arguments validates arguments.
func (c *Validator) Event(publisher string, value []byte, parse func([]byte) error) error {
	return c.check(subject{
		what: "an event of " + publisher, malformed: "The event is not JSON", refuse: eventRefusal,
	}, c.published[publisher], value, parse)
}

// subject is what is validated, for messages.
type subject struct {
	what, malformed string
	refuse          func(issues []fault.Issue) *fault.Error
}

func (c *Validator) check(s subject, schema *jsonschema.Schema, text []byte, parse func([]byte) error) error {
	v, err := wire.Parse(text)
	if err != nil {
		var duplicate *wire.DuplicateError
		if errors.As(err, &duplicate) {
			return s.refuse([]fault.Issue{{Path: duplicate.Path, Message: "must not appear twice"}})
		}
		return &fault.Error{Code: fault.CodeMalformed, Message: s.malformed}
	}
	if schema == nil {
		return s.refuse(nil)
	}
	if err := schema.Validate(v); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			return fmt.Errorf("validating %s: %w", s.what, err)
		}
		r := report{validator: c, instance: v}
		r.collect(invalid)
		return s.refuse(r.issues)
	}
	if err := parse(text); err != nil {
		var known *fault.Error
		if errors.As(err, &known) {
			return known
		}
		return fmt.Errorf("the schema accepts %s that cannot be read: %w", s.what, err)
	}
	return nil
}

// Hashes are the hashes of the entry points, by their names: what their clients depend on.
func (c *Validator) Hashes() map[string]string {
	all := make(map[string]string, len(c.entryPoints))
	for name, e := range c.entryPoints {
		all[name] = e.Hash
	}
	return all
}

// Params are the parameters of an entry point; nil without a contract.
func (c *Validator) Params(name string) []contract.Param {
	if e := c.entryPoints[name]; e != nil {
		return e.Params
	}
	return nil
}

// eventRefusal is the VALIDATION error for what a client has published.
func eventRefusal(issues []fault.Issue) *fault.Error {
	if len(issues) == 0 {
		return &fault.Error{Code: fault.CodeValidation, Message: "The event does not fit"}
	}
	slices.SortStableFunc(issues, func(a, b fault.Issue) int { return strings.Compare(a.Path, b.Path) })
	label := "The event"
	if path := issues[0].Path; path != "" {
		parts := strings.Split(path[1:], "/")
		for i := range parts {
			parts[i] = wire.UnescapePointer(parts[i])
		}
		label = strings.Join(parts, ".")
	}
	return &fault.Error{Code: fault.CodeValidation, Message: label + " " + issues[0].Message, Issues: issues}
}

// refusal is the VALIDATION error with some issues. Its message is the first issue, with the name of the parameter.
func (c *Validator) refusal(name string, issues []fault.Issue) *fault.Error {
	if len(issues) == 0 {
		return &fault.Error{Code: fault.CodeValidation, Message: "The arguments do not fit"}
	}
	// The schema's validator visits the members of an object in random order.
	slices.SortStableFunc(issues, func(a, b fault.Issue) int { return strings.Compare(a.Path, b.Path) })
	return &fault.Error{Code: fault.CodeValidation, Message: c.label(name, issues[0].Path) + " " + issues[0].Message, Issues: issues}
}

// label names a place in the arguments for people: the parameter's name and the path inside it, joined by dots.
func (c *Validator) label(name, path string) string {
	if path == "" {
		return "The list of arguments"
	}
	parts := strings.Split(path[1:], "/")
	if i, err := strconv.Atoi(parts[0]); err == nil {
		if e := c.entryPoints[name]; e != nil && i < len(e.Params) {
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
