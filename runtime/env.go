package runtime

import (
	"errors"
	"fmt"

	"github.com/livec-lang/livec/internal/weborigin"
	"github.com/livec-lang/livec/runtime/auth"
)

// Environment reads the typed settings of an app, and collects all errors.
type Environment struct {
	lookup func(string) (string, bool)
	errs   []error
}

// ReadEnv reads settings with lookup, such as os.LookupEnv.
func ReadEnv(lookup func(string) (string, bool)) *Environment { return &Environment{lookup: lookup} }

// Err names all settings that are missing or invalid; nil if there are none.
func (e *Environment) Err() error { return errors.Join(e.errs...) }

// Setting reads a required setting.
func Setting[T any](e *Environment, name string, read func(string) (T, error)) T {
	v := SettingMaybe(e, name, read)
	if v == nil {
		if _, there := e.lookup(name); !there {
			e.errs = append(e.errs, fmt.Errorf("%s is not set", name))
		}
		var zero T
		return zero
	}
	return *v
}

// SettingOr reads a setting that has a default.
func SettingOr[T any](e *Environment, name string, otherwise T, read func(string) (T, error)) T {
	if v := SettingMaybe(e, name, read); v != nil {
		return *v
	}
	return otherwise
}

// SettingMaybeOr reads an optional setting that has a default.
func SettingMaybeOr[T any](e *Environment, name string, otherwise *T, read func(string) (T, error)) *T {
	if v := SettingMaybe(e, name, read); v != nil {
		return v
	}
	return otherwise
}

// SettingMaybe reads an optional setting; nil if it is not set.
func SettingMaybe[T any](e *Environment, name string, read func(string) (T, error)) *T {
	text, ok := e.lookup(name)
	if !ok {
		return nil
	}
	v, err := read(text)
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("%s %w", name, err))
		return nil
	}
	return &v
}

// CheckOrigins checks that a setting holds origins of web pages, separated by commas; nil is allowed.
func CheckOrigins(e *Environment, name string, origins *string) {
	if origins == nil {
		return
	}
	if _, err := weborigin.List(*origins); err != nil {
		e.errs = append(e.errs, fmt.Errorf("%s: %w", name, err))
	}
}

// JWTKey checks that a setting can be a key of verifyJwt; nil is allowed.
func JWTKey(e *Environment, name string, key *string) {
	if key == nil {
		return
	}
	if _, there := e.lookup(name); !there && *key == "" { // Setting has reported that it is missing
		return
	}
	if err := auth.CheckJWTKey(*key); err != nil {
		e.errs = append(e.errs, fmt.Errorf("verifyJwt uses %s, but %w", name, err))
	}
}
