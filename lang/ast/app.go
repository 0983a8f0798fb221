package ast

// App is the server settings that belong to the contract:
//
//	app Chat { origins ["https://chat.example"]  maxPayload 64kb }
type App struct {
	Head
	Settings []*Setting
}

// Keyword implements Decl.
func (*App) Keyword() string { return "app" }

// Setting is one setting: a name and its value.
type Setting struct {
	At
	Doc   []string
	Name  Ident
	Value Expr
}
