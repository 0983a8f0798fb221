package format

import (
	"fmt"

	"github.com/livec-lang/livec/lang/ast"
)

// pipeline lays out a pipeline on one line, or with one stage per line. indented says whether the stages are indented
// relative to the source.
func (p *printer) pipeline(x *ast.Pipeline, indented bool) doc {
	head := p.expr(x.Source)
	if x.Alias != nil {
		head = concat(head, text(" as ", x.Alias.Name))
	}
	stages := p.pipedStages(x.Stages)
	if indented {
		stages = nest(stages)
	}
	return groupIf(p.brokePipeline(x), head, stages)
}

// pipedStages lays out `| stage` for each stage.
func (p *printer) pipedStages(stages []ast.Stage) doc {
	var parts []doc
	for i, s := range stages {
		last := i == len(stages)-1
		parts = append(parts, line, p.item(s.Where(), true, last, func() doc { return concat(text("| "), p.stage(s)) }))
	}
	return concat(parts...)
}

// brokePipeline reports whether the author put a stage on a separate line.
func (p *printer) brokePipeline(x *ast.Pipeline) bool {
	end := x.Source.Where().End
	for _, s := range x.Stages {
		for at := end; at < s.Where().Start; at++ {
			if p.src[at] == '\n' {
				return true
			}
		}
		end = s.Where().End
	}
	return false
}

func (p *printer) stage(s ast.Stage) doc {
	switch s := s.(type) {
	case *ast.FilterStage:
		return concat(text("filter "), p.expr(s.Cond))
	case *ast.SortStage:
		return p.sortStage(s)
	case *ast.LimitStage:
		return concat(text("limit "), p.expr(s.N))
	case *ast.PageStage:
		return concat(text("page "), p.expr(s.N))
	case *ast.JoinStage:
		return p.joinStage(s)
	case *ast.MapStage:
		return concat(text("map "), p.expr(s.X))
	case *ast.GroupStage:
		return concat(text("group "), p.keys(s.Keys), text(" "), p.record(s.Record))
	case *ast.CallStage:
		if !s.Parens {
			return text(s.Name.Name)
		}
		return concat(text(s.Name.Name), p.args(s.Args, s.Span.End-1))
	case *ast.BadStage:
		return p.verbatim(s.Span)
	}
	panic(fmt.Sprintf("a stage of kind %T has no layout", s))
}

func (p *printer) sortStage(s *ast.SortStage) doc {
	var keys []doc
	for _, k := range s.Keys {
		d := p.expr(k.X)
		if k.Word != "" {
			d = concat(d, text(" ", k.Word))
		}
		keys = append(keys, d)
	}
	if _, paren := s.Keys[0].X.(*ast.Paren); len(keys) == 1 && (!startsWithParen(s.Keys[0].X) || paren && s.Keys[0].Word != "") {
		return concat(text("sort "), keys[0])
	}
	return concat(text("sort "), group(text("("), nest(softline, join(concat(text(","), line), keys)), softline, text(")")))
}

// keys lays out one expression, or several in parentheses.
func (p *printer) keys(list []ast.Expr) doc {
	var parts []doc
	for _, x := range list {
		parts = append(parts, p.expr(x))
	}
	if len(parts) == 1 && !startsWithParen(list[0]) {
		return parts[0]
	}
	return concat(text("("), join(text(", "), parts), text(")"))
}

// startsWithParen reports whether an expression starts with a parenthesis, which would be parsed as the start of a list of keys.
func startsWithParen(x ast.Expr) bool {
	for {
		switch n := x.(type) {
		case *ast.Paren:
			return true
		case *ast.Binary:
			x = n.L
		case *ast.Member:
			x = n.X
		case *ast.Index:
			x = n.X
		case *ast.Call:
			x = n.Fn
		case *ast.As:
			x = n.X
		case *ast.Is:
			x = n.X
		default:
			return false
		}
	}
}

func (p *printer) joinStage(s *ast.JoinStage) doc {
	table := s.Table.Name
	if s.Optional {
		table += "?"
	}
	d := concat(text("join ", table, " on "), p.keys(s.On))
	if s.As.Name != "" {
		d = concat(d, text(" as ", s.As.Name))
	}
	if s.Fields != nil {
		d = concat(d, text(" "), p.record(s.Fields))
	}
	return d
}
