package abuse

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// rest has this process, but not those that it has started, run only where nothing else wants to, until again. That takes the rights of
// root.
func rest() (again func(), err error) {
	if err := schedule(unix.SCHED_IDLE); err != nil {
		return nil, err
	}
	return func() { _ = schedule(unix.SCHED_NORMAL) }, nil // what root could change it can change back
}

// schedule sets the scheduling policy of all threads of this process (sched(7)). A thread has that of the one that has started it.
func schedule(policy uint32) error {
	for range 3 { // threads may start meanwhile
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if err != nil {
				return err
			}
			if err := unix.SchedSetAttr(id, &unix.SchedAttr{Policy: policy}, 0); err != nil && !errors.Is(err, unix.ESRCH) {
				return fmt.Errorf("setting the policy of a thread: %w", err)
			}
		}
	}
	return nil
}
