// Package value is what generated code does with values: it reads and writes their JSON, moves them between rows and Go types, and
// computes with the meaning that the language gives to numbers, times, texts, order and null.
package value
