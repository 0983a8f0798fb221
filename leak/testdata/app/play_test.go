package app

import (
	"testing"

	"github.com/livec-lang/livec/leak/play"
)

// TestPlay plays the script that the test around it has written.
func TestPlay(t *testing.T) { play.Main(t, NewRegistry) }
