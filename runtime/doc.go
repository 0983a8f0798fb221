// Package runtime runs an app that livec compiled. The generated package fills a Registry; New makes a Server of it, which is an http.Handler that mounts into any
// Go HTTP server. Generated code imports this package under the name live.
package runtime
