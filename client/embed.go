// Package client embeds the client runtime: the files that livec writes beside the TypeScript modules that it generates.
// `npm run build` builds them from src.
package client

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed all:dist
var dist embed.FS

const root = "dist"

// File is one file. Path is relative to the folder of the generated modules, with slashes.
type File struct {
	Path string
	Data []byte
}

// ContractFile is the path of the one file that livec writes itself for each app: it holds the hash of the app's contract.
const ContractFile = "_live/contract.js"

// Files are the files of the client runtime, in order of their paths.
func Files() ([]File, error) {
	var files []File
	err := fs.WalkDir(dist, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := dist.ReadFile(name)
		files = append(files, File{Path: strings.TrimPrefix(name, root+"/"), Data: data})
		return err
	})
	return files, err
}
