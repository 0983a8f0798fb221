package merge

// Kind is one of the merges of the language.
type Kind uint8

// The merges.
const (
	// Crud is a list of rows by key: created and updated put a row, deleted removes one.
	Crud Kind = iota + 1
	// Latest is a list of the newest Max rows, whatever the name of the event.
	Latest
	// Set is one value, which an event replaces.
	Set
	// Presence is a list of members by their field "key": join puts one, leave removes one.
	Presence
	// Cursor is a list of cursors by their field "key": update puts one, remove removes one.
	Cursor
)

// Events of the merges. Latest takes any name.
const (
	Created = "created"
	Updated = "updated"
	Deleted = "deleted"
	Join    = "join"
	Leave   = "leave"
	Update  = "update"
	Remove  = "remove"
	SetAll  = "set" // replaces the whole value
)

// DefaultMax is the default of Max for Latest.
const DefaultMax = 50

// Rule is a merge with its settings.
type Rule struct {
	Kind    Kind
	Key     []string // fields that identify a row of Crud; "id" unless set. Presence and Cursor have "key"
	Max     int      // rows of Latest; DefaultMax unless set
	Prepend bool     // of Crud and Latest: new rows come first
}

// String is the merge as the language writes it.
func (k Kind) String() string {
	switch k {
	case Crud:
		return "crud"
	case Latest:
		return "latest"
	case Set:
		return "set"
	case Presence:
		return "presence"
	case Cursor:
		return "cursor"
	}
	return "none"
}

// Keyed reports whether rows have keys.
func (k Kind) Keyed() bool { return k == Crud || k == Presence || k == Cursor }

// Compacts reports whether only the newest event of a key counts, so that a client that is behind may get only that one.
func (k Kind) Compacts() bool { return k == Set || k == Presence || k == Cursor }

// Takes reports whether the merge has an event of this name.
func (k Kind) Takes(event string) bool {
	switch k {
	case Crud:
		return event == Created || event == Updated || event == Deleted || event == SetAll
	case Latest:
		return isName(event)
	case Set:
		return event == SetAll
	case Presence:
		return event == Join || event == Leave || event == SetAll
	case Cursor:
		return event == Update || event == Remove || event == SetAll
	}
	return false
}

// maxName is the most bytes of the name of an event.
const maxName = 64

// isName reports whether s can be the name of an event: letters, digits, _ and -.
func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= maxName
}

// Puts returns the names of the events that put a row and that remove it, or "" without keys.
func (k Kind) Puts() (puts, removes string) {
	switch k {
	case Crud:
		return Created, Deleted
	case Presence:
		return Join, Leave
	case Cursor:
		return Update, Remove
	}
	return "", ""
}
