// Package emit holds what the emitters have in common. Package emitgo (folder go) writes the server, package emitts (folder ts) the
// clients. Both read the checked program and nothing else.
package emit

// File is one generated file. Path is relative to the output folder, with slashes.
type File struct {
	Path string
	Data []byte
}
