package ast

// Pipe is a reusable run of stages:
//
//	pipe visible(room: string) on Message = filter .room == room | sort .sentAt
type Pipe struct {
	Head
	Params []*Param
	On     Ident
	Stages []Stage
}

// Keyword implements Decl.
func (*Pipe) Keyword() string { return "pipe" }
