package wire

import (
	"encoding/json"
	"testing"
)

func TestParseBoundsExponents(t *testing.T) {
	for text, want := range map[string]json.Number{
		"12": "12", "1.5e300": "1.5e300", "-2E+7": "-2E+7", "1e400": "1e400",
		"1e401": "1e400", "-1.5E1000000": "-1.5e400", "1e99999999999999999999": "1e400", "1e-1000000": "1e-400",
		"1e-99999999999999999999": "1e-400",
	} {
		got, err := Parse([]byte("[" + text + "]"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if n := got.([]any)[0]; n != want {
			t.Errorf("%s: got %v, want %s", text, n, want)
		}
	}
}
