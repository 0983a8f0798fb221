package relation

// valueSize is what a value takes in a row besides its text, in bytes: the interface, and what it points to.
const valueSize = 24

// Size is about how much memory a row takes, in bytes.
func (r Row) Size() int {
	n := 24
	for _, v := range r {
		n += valueSize
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		case JSON:
			n += len(v)
		case Row:
			n += v.Size()
		case []Row:
			for _, row := range v {
				n += row.Size()
			}
		}
	}
	return n
}
