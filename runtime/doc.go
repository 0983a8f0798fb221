// Package runtime runs an app that livec compiled. The generated package fills a Registry, and New makes a Server of it: an http.Handler
// that mounts into any Go HTTP server. Generated code imports this package under the name live.
//
// This package is the public face alone: what apps declare, what generated code calls, and how a server is made of its parts. The parts are
// packages under runtime/internal, none of which knows this one; ARCHITECTURE.md shows how they meet.
package runtime
