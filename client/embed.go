// Package client embeds the client runtime: the files that livec writes beside the TypeScript modules that it generates. They are built
// from src by `npm run build`.
package client

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/livec-lang/livec/emit"
)

//go:embed all:dist
var dist embed.FS

const root = "dist"

// ContractFile is the one of Files that livec writes anew for each app: it holds the hash of the app's contract.
const ContractFile = "_live/contract.js"

// Files are the files of the client runtime, in order of their paths, which are relative to the folder of the generated modules.
func Files() ([]emit.File, error) {
	var files []emit.File
	err := fs.WalkDir(dist, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := dist.ReadFile(name)
		files = append(files, emit.File{Path: strings.TrimPrefix(name, root+"/"), Data: data})
		return err
	})
	return files, err
}
