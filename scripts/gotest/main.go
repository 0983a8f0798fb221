// Command gotest runs go test and counts the tests. It shows a line for each package and all output of those that fail; its last line is "N passed, N failed". Arguments go to go test.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// event is a line of go test -json (https://pkg.go.dev/cmd/test2json).
type event struct {
	Action, Package, ImportPath, Test, Output string
}

// tally is what has been seen so far.
type tally struct {
	passed, failed int
	output         map[string]*strings.Builder // of each package
}

func main() {
	c := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "gotest: go test cannot be run: %v\n", err)
		os.Exit(1)
	}
	t := tally{output: map[string]*strings.Builder{}}
	t.read(out, os.Stdout)
	err = c.Wait()
	if err != nil && t.failed == 0 {
		t.failed = 1 // such as a package that does not build
	}
	fmt.Printf("%d passed, %d failed\n", t.passed, t.failed)
	if err != nil {
		os.Exit(1)
	}
}

func (t *tally) read(r io.Reader, w io.Writer) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) == nil && e.Action != "" {
			t.add(e, w)
		} else {
			_, _ = w.Write(line)
		}
		if err != nil {
			return
		}
	}
}

func (t *tally) add(e event, w io.Writer) {
	switch {
	case e.Action == "build-output":
		fmt.Fprint(w, e.Output)
	case e.Action == "output":
		b := t.output[e.Package]
		if b == nil {
			b = new(strings.Builder)
			t.output[e.Package] = b
		}
		b.WriteString(e.Output)
	case e.Test != "":
		switch e.Action {
		case "pass":
			t.passed++
		case "fail":
			t.failed++
		}
	case e.Action == "fail":
		if b := t.output[e.Package]; b != nil {
			fmt.Fprint(w, b)
		}
		fmt.Fprintf(w, "FAIL %s\n", e.Package)
		delete(t.output, e.Package)
	case e.Action == "pass":
		fmt.Fprintf(w, "ok   %s\n", e.Package)
		delete(t.output, e.Package)
	}
}
