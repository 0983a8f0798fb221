package relation

// Value is one value of a row, in one of the forms that its Kind allows:
//
//	Bool: bool   Int, Time (Unix ms), Duration (ms): int64   Float: float64   Text, ID, Enum: string   Bytes: []byte
//	JSON: JSON (canonical text)   Record: Row   Rows: []Row   any kind: nil for null
type Value = any

// Row is one row: a value for each column of its schema. Rows are immutable once made.
type Row []Value

// JSON is the text of a value that is stored as JSON: lists, maps, records and the type json.
type JSON string

// Kind says which values a column or an expression has.
type Kind uint8

// The kinds.
const (
	Bool Kind = iota + 1
	Int
	Float
	Text
	ID
	Time
	Duration
	Bytes
	Enum
	JSONKind
	Record // a nested row, from a join or a map
	Rows   // a nested list of rows
)

// Column is one column of a schema.
type Column struct {
	Name     string // as the client sees it
	Kind     Kind
	Nullable bool
	Enum     []string // for Enum: the values in declared order
	Fields   Schema   // for Record and Rows: the columns of the nested row
	Secret   bool     // never leaves the server
	Visible  *Visible // for JSONKind: what clients see of values that hold secret fields; nil if they see all
}

// Schema has the columns of a row, in order.
type Schema []Column
