package analyze

import "github.com/livec-lang/livec/compiler/ir"

// query describes what a pipeline over tables gives: a row, rows or a value.
func (a *flow) query(f *frame, q *ir.Query) *value {
	row := clean
	for _, s := range q.Pipeline.Stages {
		next := a.stage(f, s, row)
		if !ruled(kind(s)) {
			next = row
		}
		row = next.bounded(maxDepth)
	}
	return row
}

// stage describes the rows behind a stage. What has chosen the rows so far is in their chosen labels.
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
		return a.reduce(s.Func, row, a.expr(f, s.X))
	case *ir.FindStage:
		var by labels
		for _, k := range s.Keys {
			by = union(by, a.expr(f, k).all())
		}
		return row.after(by)
	}
	panic(unknown(s))
}

func (a *flow) keys(f *frame, keys []ir.ListSortKey) labels {
	var out labels
	for _, k := range keys {
		out = union(out, a.expr(f, k.X).all())
	}
	return out
}

// inits describes a record of which each field is given.
func (a *flow) inits(f *frame, fields []ir.FieldInit) *value {
	out := &value{fields: map[string]*value{}}
	for _, m := range fields {
		out.fields[m.Field.Name] = a.expr(f, m.X)
	}
	return out
}

// join describes rows with one more field. Without `?` only rows are left that have a partner.
func (a *flow) join(f *frame, s *ir.JoinStage, row *value) *value {
	var by labels
	for i, x := range s.Left {
		by = union(by, a.expr(f, x).all(), a.marked(clean, s.On[i], s.Pos).own)
	}
	out := &value{own: row.own, chosen: union(row.chosen, by), fields: map[string]*value{}}
	for _, field := range s.Out.Fields {
		out.fields[field.Name] = row.fields[field.Name]
		if out.fields[field.Name] == nil {
			out.fields[field.Name] = clean // own of the row is in it by member
		}
	}
	nested := &value{chosen: by, fields: map[string]*value{}}
	for _, field := range s.Fields {
		nested.fields[field.Name] = a.marked(clean, field, s.Pos)
	}
	out.fields[s.As] = nested
	return out
}

// group describes one row for each group: that there is a group, and how many rows it has, tells of its keys.
func (a *flow) group(f *frame, s *ir.GroupStage, row *value) *value {
	out := a.inits(f, s.Keys).after(row.chosen)
	for _, k := range s.Keys {
		out = out.after(out.fields[k.Field.Name].all())
	}
	for _, agg := range s.Aggs {
		out.fields[agg.Field.Name] = a.reduce(agg.Func, clean, a.expr(f, agg.X))
	}
	return out
}

// reduce describes one value of rows. x is what is looked at of each of them.
func (a *flow) reduce(name string, row, x *value) *value {
	switch name {
	case "count":
		return &value{own: row.chosen}
	case "first":
		return row
	case "sum", "avg", "min", "max", "any", "all":
		return &value{own: union(row.chosen, partial(x.all()))}
	}
	panic("compiler/analyze has no rule for the stage " + name)
}

// listPipe describes what a pipeline over a list gives.
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
	each := func() { arg = a.expr(f, s.X) }
	f.under(row.chosen, each) // for as many elements as there are
	switch s.Name {
	case "filter":
		return row.after(arg.all())
	case "sort":
		return row.after(a.keys(f, s.Keys))
	case "limit":
		return row.after(arg.all())
	case "map":
		return arg.after(row.chosen)
	case "find":
		return row.after(union(arg.all(), whole(row, element(x.List.Type()))))
	case "count":
		return &value{own: row.chosen}
	case "sum", "avg":
		a.mayFail(f, x.Pos, arg.all())
		return &value{own: union(row.chosen, partial(arg.all()))}
	case "min", "max", "any", "all":
		return &value{own: union(row.chosen, partial(arg.all()))}
	case "first":
		return row
	}
	panic("compiler/analyze has no rule for the stage " + s.Name)
}
