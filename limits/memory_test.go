package limits

import (
	"strings"
	"testing"
)

// TestFitMemory sets limits to more than the memory, alone and together.
func TestFitMemory(t *testing.T) {
	for name, c := range map[string]struct {
		set  Values
		want string // in the error; "" for none
	}{
		"nothing":      {nil, ""},
		"all of it":    {Values{MaxPayload: 64 * mb}, ""},
		"database":     {Values{MaxStored: 1 << 40, MaxStoredPerCaller: 1 << 40}, ""},
		"no memory":    {Values{MaxTraffic: 1 << 40, MaxRows: 1 << 40}, ""},
		"one too much": {Values{MaxResult: 64*mb + 1}, "maxResult is 67108865b, which is more than the memory of the server, 64mb"},
		"raised":       {Values{Memory: 128 * mb, MaxResult: 65 * mb}, ""},
		"together":     {Values{MaxQueueMemory: 40 * mb, MaxTopicMemory: 25 * mb}, "are set to 65mb together"},
		"parts":        {Values{MaxQueueMemory: 40 * mb, MaxTopicMemory: 24 * mb}, ""},
	} {
		err := c.set.FitMemory(64 * mb)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}
