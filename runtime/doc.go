// Package runtime runs an app that livec has compiled. The generated package fills a Registry, and New makes a Server from it: an
// http.Handler for any Go HTTP server. Generated code imports this package under the name live.
//
// This package has only the public API: what apps declare, what generated code calls, and how a server is made from its parts. The parts
// are packages under runtime/internal, none of which imports this one; ARCHITECTURE.md shows how they fit together.
package runtime
