// Package emit has what the emitters share. Package emitgo (folder go) writes the server, package emitts (folder ts)
// writes the clients. Both read only the compiled program.
package emit

// File is one generated file. Path is relative to the output folder, with slashes.
type File struct {
	Path string
	Data []byte
}
