package app

import (
	"testing"

	"github.com/livec-lang/livec/leak/play"
)

// TestPlay plays the script of the test that has built this program.
func TestPlay(t *testing.T) { play.Main(t, NewRegistry) }
