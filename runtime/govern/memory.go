package govern

import (
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
)

// unknownMemory is assumed of a machine that does not say how much memory it has.
const unknownMemory = 1 << 30

// Memory is how many bytes of memory this process may use: GOMEMLIMIT if it is set, else three quarters of what its container (cgroup) or
// the machine has.
func Memory() int64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return limit
	}
	available := machineMemory()
	if own := cgroupMemory("/sys/fs/cgroup", "/proc/self/cgroup"); own > 0 && (available <= 0 || own < available) {
		available = own
	}
	if available <= 0 {
		return unknownMemory
	}
	return available / 4 * 3
}

// SetMemory has the garbage collector keep the memory of this process below a number of bytes, unless GOMEMLIMIT says how many.
func SetMemory(bytes int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(bytes)
	}
}

// cgroupMemory is the least limit of the control groups of this process, in bytes; 0 if there is none. It knows version 2 and version 1
// (https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/memory.html).
func cgroupMemory(root, self string) int64 {
	text, err := os.ReadFile(self)
	if err != nil {
		return 0
	}
	least := int64(0)
	for line := range strings.Lines(string(text)) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, path, _ := strings.Cut(rest, ":")
		base, file := root, "memory.max"
		switch {
		case controllers == "": // version 2
		case strings.Contains(","+controllers+",", ",memory,"):
			base, file = filepath.Join(root, "memory"), "memory.limit_in_bytes"
		default:
			continue
		}
		// Within a container the path may be that of the host, so only its end exists; the root of the mount always does.
		for dir := filepath.Join(base, path); ; dir = filepath.Dir(dir) {
			if n := readLimit(filepath.Join(dir, file)); n > 0 && (least == 0 || n < least) {
				least = n
			}
			if dir == base || len(dir) <= len(base) {
				break
			}
		}
	}
	return least
}

// readLimit reads a number of bytes from a file; 0 if there is none, or if it is too large to be a limit.
func readLimit(path string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64) // "max" is none
	if err != nil || n <= 0 || n > 1<<50 {
		return 0
	}
	return n
}
