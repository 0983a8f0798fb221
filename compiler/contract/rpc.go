package contract

import "github.com/livec-lang/livec/compiler/ir"

func rpc(r *ir.RPC) *entry {
	return &entry{kind: "rpc", name: r.Module + "/" + r.Name, doc: r.Doc, params: r.Params, result: r.Result, access: r.Access.Text, effects: &r.Effects}
}
