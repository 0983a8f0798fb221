package limits

import (
	"fmt"
	"maps"
)

// Values are limits that are set. Those that are not in it have their defaults.
type Values map[ID]int64

// With gives the values with those of other set above them.
func (v Values) With(other Values) Values {
	out := maps.Clone(v)
	if out == nil {
		out = Values{}
	}
	maps.Copy(out, other)
	return out
}

// Check reports the first value that cannot be set, in the order of IDs; nil if there is none.
func (v Values) Check() error {
	for id := range v {
		if id < 0 || int(id) >= len(all) {
			return fmt.Errorf("there is no limit %d", int(id))
		}
	}
	for _, l := range all {
		if n, set := v[l.ID]; set {
			if err := l.Check(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// Full gives a value for each limit: those that are set, and the defaults of the others. memory is that of the server in bytes, if Memory
// is not set.
func (v Values) Full(memory int64) []int64 {
	if n, set := v[Memory]; set && n > 0 {
		memory = n
	}
	out := make([]int64, len(all))
	out[Memory] = memory
	for _, l := range all[Memory+1:] {
		n, set := v[l.ID]
		if !set {
			n = l.value(out)
		}
		out[l.ID] = n
	}
	return out
}
