package govern

import "github.com/livec-lang/livec/limits"

// Sockets is how many connections of the network a process may have open that may have this many files open: what it leaves is for the
// database, for listening and for files. It is 0 if there is no bound.
func Sockets(files int64) int64 {
	if files <= 0 {
		return 0
	}
	return max(1, files-min(max(files/4, 16), 128))
}

// Fit lowers maxConnections so that there are sockets left for HTTP, if the process may have this many files open. It returns the values to
// use, and whether one is lower than what was set.
func Fit(set limits.Values, files int64) (limits.Values, bool) {
	sockets := Sockets(files)
	if sockets == 0 {
		return set, false
	}
	most := max(1, sockets-max(sockets/8, 16))
	n, given := set[limits.MaxConnections]
	if !given {
		n = limits.MaxConnections.Limit().Default
	}
	if n <= most {
		return set, false
	}
	return set.With(limits.Values{limits.MaxConnections: most}), given
}
