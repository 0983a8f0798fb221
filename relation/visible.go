package relation

// Visible says what clients see of values that are stored as JSON. The compiler makes it of a type that holds a secret field at any
// depth. It names what is shown: what it does not name, such as a
// member that older rows still have, is left out.
type Visible struct {
	Of    string // the type, for names in generated code
	Forms []Form // the first is that of the value; others are referred to by position, so that a type may hold itself
}

// Form is what clients see of one value. null is null in every form, and what does not fit its form is shown as null.
type Form struct {
	Kind    FormKind
	Elem    int      // ListForm, MapForm: the form of the elements
	Tag     string   // UnionForm: the member that tells the variants apart
	Members []Member // RecordForm: the members that are shown, by name; UnionForm: the variants, by the value of their tag
}

// FormKind tells how a Form is read.
type FormKind uint8

// The kinds of forms.
const (
	ListForm FormKind = iota + 1
	MapForm
	RecordForm
	UnionForm
)

// Whole is the position of a form that shows a value as it is stored.
const Whole = -1

// Member is a member of a record, or a variant of a union, with its form: a position, or Whole.
type Member struct {
	Name string
	Form int
}

// Member is the form of a member, or of a variant. It is not known where the form does not show it.
func (f *Form) Member(name string) (form int, known bool) {
	for i := range f.Members {
		if f.Members[i].Name == name {
			return f.Members[i].Form, true
		}
	}
	return 0, false
}
