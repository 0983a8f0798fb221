package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/wire"
)

// FromText reads the arguments of a request: a JSON array, or an object of arguments by name, which it puts into the order of the
// parameters. where says for people where the text is from.
func (c *Validator) FromText(where, name string, body []byte) (args []byte, named bool, err error) {
	text := bytes.TrimSpace(body)
	if len(text) == 0 {
		return []byte("[]"), false, nil
	}
	switch err := wire.Check(body); {
	case errors.Is(err, wire.ErrDeep):
		return nil, false, fault.TooDeep
	case err != nil:
		return nil, false, malformed(where + " cannot be read: " + err.Error())
	}
	switch text[0] {
	case '[':
		return body, false, nil
	case '{':
	default:
		return nil, false, malformed(where + " must be a JSON array of arguments, or a JSON object of arguments by name")
	}
	e := c.entryPoints[name]
	if e == nil {
		return nil, false, malformed("This app does not know its parameters by name; send a JSON array")
	}
	if _, err := wire.Parse(body); err != nil {
		return nil, false, malformed(where + " cannot be read: " + err.Error())
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, false, malformed(where + " cannot be read")
	}
	list := []json.RawMessage{}
	used := 0
	var issues []fault.Issue
	for _, p := range e.Params {
		v, ok := object[p.Name]
		switch {
		case ok:
			delete(object, p.Name)
			list = append(list, v)
			used = len(list)
		case !p.Optional:
			issues = append(issues, fault.Issue{Path: "/" + wire.EscapePointer(p.Name), Message: "is required"})
		default:
			list = append(list, json.RawMessage("null"))
		}
	}
	for name := range object {
		issues = append(issues, fault.Issue{Path: "/" + wire.EscapePointer(name), Message: "is unknown"})
	}
	if len(issues) > 0 {
		return nil, true, c.refusal(name, issues)
	}
	args, err = json.Marshal(list[:used])
	return args, true, err
}

// ByName renames the issues of arguments that were given by name.
func (c *Validator) ByName(name string, err error) error {
	var failure *fault.Error
	if !errors.As(err, &failure) || len(failure.Issues) == 0 {
		return err
	}
	e := c.entryPoints[name]
	named := *failure
	named.Issues = nil
	for _, issue := range failure.Issues {
		index, rest, _ := strings.Cut(strings.TrimPrefix(issue.Path, "/"), "/")
		if i, err := strconv.Atoi(index); err == nil && i < len(e.Params) {
			issue.Path = "/" + wire.EscapePointer(e.Params[i].Name)
			if rest != "" {
				issue.Path += "/" + rest
			}
		}
		named.Issues = append(named.Issues, issue)
	}
	return &named
}

func malformed(message string) *fault.Error {
	return &fault.Error{Code: fault.CodeMalformed, Message: message}
}
