package limits

import "fmt"

// stored are the limits of what is in the database, and not in memory.
var stored = map[ID]bool{MaxStored: true, MaxStoredPerCaller: true}

// FitMemory reports the first limit that is set to more bytes than the memory of the server, and parts of the memory that are more than
// the whole together; nil if all fit. memory is that of the server in bytes, if Memory is not set.
func (v Values) FitMemory(memory int64) error {
	whole := v.Full(memory)[Memory]
	parts := int64(0)
	for _, l := range all {
		n, set := v[l.ID]
		switch {
		case l.ID == Memory || l.Unit != Bytes || stored[l.ID] || !set:
			continue
		case n > whole:
			return fmt.Errorf("%s is %s, which is more than the memory of the server, %s; lower it, or raise memory",
				l.Name, l.Format(n), Memory.Limit().Format(whole))
		case l.Share > 0 && l.Of == Memory:
			parts += n
		}
	}
	if parts > whole {
		return fmt.Errorf("maxQueueMemory, maxTopicMemory, maxWindowMemory and maxRateMemory are set to %s together, "+
			"which is more than the memory of the server, %s; lower one, or raise memory",
			Memory.Limit().Format(parts), Memory.Limit().Format(whole))
	}
	return nil
}
