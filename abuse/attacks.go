package abuse

import "slices"

// Attacks are all attacks, in the order of their IDs.
func Attacks() []Attack {
	return slices.Concat(memoryAttacks, shareAttacks, fairAttacks, slowAttacks)
}
