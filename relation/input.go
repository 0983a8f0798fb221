package relation

// Input returns the node whose rows n reads; nil for a Scan.
func Input(n Node) Node { return n.input() }

// OnInput returns a copy of n that reads the rows of another node. It returns a Scan, which has no input, unchanged.
func OnInput(n, in Node) Node { return n.onInput(in) }

// Source returns the scan that the rows of n come from.
func Source(n Node) *Scan {
	for in := Input(n); in != nil; in = Input(n) {
		n = in
	}
	return n.(*Scan)
}

func (n *Scan) input() Node   { return nil }
func (n *Filter) input() Node { return n.Input }
func (n *Sort) input() Node   { return n.Input }
func (n *Limit) input() Node  { return n.Input }
func (n *Page) input() Node   { return n.Input }
func (n *Join) input() Node   { return n.Input }
func (n *Map) input() Node    { return n.Input }
func (n *Group) input() Node  { return n.Input }
func (n *Reduce) input() Node { return n.Input }

func (n *Scan) onInput(Node) Node      { return n }
func (n *Filter) onInput(in Node) Node { return &Filter{Input: in, Cond: n.Cond} }
func (n *Sort) onInput(in Node) Node   { return &Sort{Input: in, By: n.By} }
func (n *Limit) onInput(in Node) Node  { return &Limit{Input: in, N: n.N, Count: n.Count} }
func (n *Page) onInput(in Node) Node   { return &Page{Input: in, N: n.N} }
func (n *Map) onInput(in Node) Node    { return &Map{Input: in, Exprs: n.Exprs} }
func (n *Group) onInput(in Node) Node  { return &Group{Input: in, Keys: n.Keys, Aggs: n.Aggs} }
func (n *Reduce) onInput(in Node) Node { return &Reduce{Input: in, Agg: n.Agg} }

func (n *Join) onInput(in Node) Node {
	c := *n
	c.Input = in
	return &c
}
