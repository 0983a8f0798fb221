package relation

// Visible describes what clients see of values that are stored as JSON. The compiler makes it for a type that contains a secret field at
// any depth. It lists what is shown. Everything else is left out, such as a member that older rows still have.
type Visible struct {
	Of    string // the type, for names in generated code
	Forms []Form // the first is the form of the value; forms refer to each other by position, so that a type may contain itself
}

// Form is what clients see of one value. null is null in every form. A value that does not match its form is shown as null.
type Form struct {
	Kind    FormKind
	Elem    int      // ListForm, MapForm: the form of the elements
	Tag     string   // UnionForm: the member that distinguishes the variants
	Members []Member // RecordForm: the visible members by name; UnionForm: the variants by the value of their tag
}

// FormKind is a kind of Form.
type FormKind uint8

// The kinds of forms.
const (
	ListForm FormKind = iota + 1
	MapForm
	RecordForm
	UnionForm
)

// Whole is used instead of a position for a value that is shown as it is stored.
const Whole = -1

// Member is a member of a record, or a variant of a union, with its form: a position, or Whole.
type Member struct {
	Name string
	Form int
}

// Member returns the form of a member, or of a variant. known is false if the form does not show it.
func (f *Form) Member(name string) (form int, known bool) {
	for i := range f.Members {
		if f.Members[i].Name == name {
			return f.Members[i].Form, true
		}
	}
	return 0, false
}
