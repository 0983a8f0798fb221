package main

import (
	"strings"
	"testing"
)

func TestTally(t *testing.T) {
	in := `{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"fail","Package":"p"}
{"Action":"output","Package":"q","Output":"noise\n"}
{"Action":"pass","Package":"q","Test":"TestD"}
{"Action":"pass","Package":"q"}
{"Action":"build-output","ImportPath":"r","Output":"r.go:1: no\n"}
not JSON`
	tl := tally{output: map[string]*strings.Builder{}}
	var out strings.Builder
	tl.read(strings.NewReader(in), &out)
	if want := "    a_test.go:3: wrong\nFAIL p\nok   q\nr.go:1: no\nnot JSON"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if tl.passed != 2 || tl.failed != 1 {
		t.Errorf("%d passed, %d failed", tl.passed, tl.failed)
	}
}
