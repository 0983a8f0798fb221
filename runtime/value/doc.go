// Package value has what generated code does with values: it reads and writes their JSON, converts them between rows and Go types, and
// computes with the language's rules for numbers, times, texts, order and null.
package value
