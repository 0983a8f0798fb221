package analyze

import "github.com/livec-lang/livec/compiler/ir"

// query describes the result of a pipeline over tables: a row, rows or a value. A database may evaluate a statement in any
// order. So an operation that may fail does so depending on everything that selects rows in the statement.
func (a *flow) query(f *frame, q *ir.Query) *value {
	var all labels
	for {
		var row *value
		chosen := all
		f.under(all, func() { row, chosen = a.stages(f, q.Pipeline, all) })
		if len(chosen) == len(all) {
			return row
		}
		all = chosen
	}
}

// stages follows the stages of a pipeline. It also returns all labels that select rows in it.
func (a *flow) stages(f *frame, p *ir.Pipeline, chosen labels) (*value, labels) {
	row := clean
	for _, s := range p.Stages {
		next := a.stage(f, s, row)
		if !ruled(kind(s)) {
			next = row
		}
		row = next.bounded(maxDepth)
		chosen = union(chosen, row.decided())
	}
	return row, chosen
}

// stage describes the rows after a stage. Labels that have selected the rows so far are in chosen.
func (a *flow) stage(f *frame, s ir.Stage, row *value) *value {
	switch s := s.(type) {
	case *ir.FilterStage:
		f.vars[s.Row] = row
		return row.after(a.expr(f, s.Cond).all())
	case *ir.SortStage:
		f.vars[s.Row] = row
		return row.after(a.keys(f, s.Keys))
	case *ir.LimitStage, *ir.PageStage:
		return row
	case *ir.JoinStage:
		f.vars[s.Row] = row
		return a.join(f, s, row)
	case *ir.MapStage:
		f.vars[s.Row] = row
		if s.X != nil {
			return a.expr(f, s.X).after(row.chosen)
		}
		return a.inits(f, s.Fields).after(row.chosen)
	case *ir.GroupStage:
		f.vars[s.Row] = row
		return a.group(f, s, row)
	case *ir.ReduceStage:
		f.vars[s.Row] = row
		return a.reduce(f, s.Pos, s.Func, row, a.expr(f, s.X))
	case *ir.FindStage:
		var by labels
		for _, k := range s.Keys {
			by = union(by, whole(a.expr(f, k), k.Type()))
		}
		return row.after(by)
	}
	panic(unknown(s))
}

func (a *flow) keys(f *frame, keys []ir.ListSortKey) labels {
	var out labels
	for _, k := range keys {
		out = union(out, whole(a.expr(f, k.X), k.X.Type()))
	}
	return out
}

// inits describes a record in which each field has an initial value.
func (a *flow) inits(f *frame, fields []ir.FieldInit) *value {
	out := &value{fields: map[string]*value{}}
	for _, m := range fields {
		out.fields[m.Field.Name] = a.expr(f, m.X)
	}
	return out
}

// join describes rows with one more field. Without `?`, only rows with a partner remain.
func (a *flow) join(f *frame, s *ir.JoinStage, row *value) *value {
	var by labels
	for i, x := range s.Left {
		by = union(by, whole(a.expr(f, x), x.Type()), a.marked(clean, s.On[i], s.Pos).own)
	}
	out := &value{own: row.own, chosen: union(row.chosen, by), fields: map[string]*value{}}
	for _, field := range s.Out.Fields {
		out.fields[field.Name] = row.fields[field.Name]
		if out.fields[field.Name] == nil {
			out.fields[field.Name] = clean // member adds the own labels of the row
		}
	}
	nested := &value{chosen: by, fields: map[string]*value{}}
	for _, field := range s.Fields {
		nested.fields[field.Name] = a.marked(clean, field, s.Pos)
	}
	out.fields[s.As] = nested
	return out
}

// group describes one row per group. That the group exists, and its number of rows, depends on the keys.
func (a *flow) group(f *frame, s *ir.GroupStage, row *value) *value {
	out := a.inits(f, s.Keys).after(row.chosen)
	for _, k := range s.Keys {
		out = out.after(whole(out.fields[k.Field.Name], k.Field.Type))
	}
	for _, agg := range s.Aggs {
		out.fields[agg.Field.Name] = a.reduce(f, s.Pos, agg.Func, &value{chosen: out.chosen}, a.expr(f, agg.X))
	}
	return out
}

// reduce describes the value that rows are reduced to. x is the value that is reduced.
func (a *flow) reduce(f *frame, at ir.Pos, name string, row, x *value) *value {
	switch name {
	case "count":
		return &value{chosen: row.chosen}
	case "first":
		return row
	case "sum", "avg":
		a.mayFail(f, at, x.all()) // out of the range of numbers
	case "min", "max", "any", "all":
	default:
		panic("compiler/analyze has no rule for the stage " + name)
	}
	return made(x.all().in(partial)).after(row.chosen)
}

// listPipe describes the result of a pipeline over a list.
func (a *flow) listPipe(f *frame, x *ir.ListPipe) *value {
	row := a.expr(f, x.List)
	for _, s := range x.Stages {
		if s.Row != nil {
			f.vars[s.Row] = row
		}
		next := a.listStage(f, x, s, row)
		if !ruled("list " + s.Name) {
			next = row
		}
		row = next.bounded(maxDepth)
	}
	return row
}

func (a *flow) listStage(f *frame, x *ir.ListPipe, s ir.ListStage, row *value) *value {
	var arg *value
	var keys labels
	each := func() { arg, keys = a.expr(f, s.X), a.keys(f, s.Keys) }
	f.under(row.chosen, each) // evaluated once per element
	switch s.Name {
	case "filter":
		return row.after(arg.all())
	case "sort":
		return row.after(keys)
	case "limit":
		return row.after(arg.all())
	case "map":
		return arg.after(row.chosen)
	case "find":
		return row.after(union(arg.all(), whole(row, element(x.List.Type()))))
	case "any", "all": // they stop at the first element that decides the result
		f.under(union(row.chosen, arg.all()), each)
		return made(arg.all().in(partial)).after(row.chosen)
	case "count", "first", "sum", "avg", "min", "max":
		return a.reduce(f, x.Pos, s.Name, row, arg)
	}
	panic("compiler/analyze has no rule for the stage " + s.Name)
}
