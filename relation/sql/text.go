package sql

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
)

// open returns a selection to which conditions and an order can be added.
func (k *compiler) open(s *selection) *selection {
	if s.limit != "" || s.grouped {
		return k.wrap(s)
	}
	return s
}

// wrap turns a selection into a subquery. The outer selection keeps its order.
func (k *compiler) wrap(s *selection) *selection {
	d := deriver{alias: k.alias()}
	out := &selection{}
	for _, c := range s.cols {
		out.cols = append(out.cols, d.take(c))
	}
	for _, c := range s.ident {
		c.value = d.take(c.value)
		out.ident = append(out.ident, c)
	}
	for _, b := range s.by {
		b.value = d.take(b.value)
		out.by = append(out.by, b)
	}
	out.from = "(" + k.text(s, d.cols) + ") AS " + d.alias
	return out
}

// deriver names the columns of a subquery.
type deriver struct {
	alias string
	cols  []string
	seen  map[string]string
}

func (d *deriver) take(v value) value {
	if v.isRecord() && v.fields != nil {
		out := v
		if v.sql != "1" {
			out.sql = d.name(v.sql)
		}
		out.fields = make([]value, len(v.fields))
		for i, f := range v.fields {
			out.fields[i] = d.take(f)
		}
		return out
	}
	out := v
	out.sql = d.name(v.sql)
	return out
}

func (d *deriver) name(sql string) string {
	if n, ok := d.seen[sql]; ok {
		return n
	}
	n := fmt.Sprintf("c%d", len(d.cols))
	d.cols = append(d.cols, sql+" AS "+n)
	if d.seen == nil {
		d.seen = map[string]string{}
	}
	d.seen[sql] = d.alias + "." + n
	return d.seen[sql]
}

// text writes the statement with its columns.
func (k *compiler) text(s *selection, cols []string) string {
	text := "SELECT " + strings.Join(cols, ", ") + " FROM " + s.from
	if len(s.where) > 0 {
		text += " WHERE " + strings.Join(s.where, " AND ")
	}
	text += s.group
	if len(s.by) > 0 {
		terms := make([]string, len(s.by))
		for i, b := range s.by {
			terms[i] = k.term(b)
		}
		text += " ORDER BY " + strings.Join(terms, ", ")
	}
	if s.limit != "" {
		text += " LIMIT " + s.limit
	}
	return text
}

// term writes a sort key. null comes before all other values.
func (k *compiler) term(b sortKey) string {
	term := k.ordered(b.sql, b.kind, b.enum)
	nulls := " NULLS FIRST"
	if b.desc {
		term, nulls = term+" DESC", " NULLS LAST"
	}
	if b.null && !k.f.NullsFirst {
		term += nulls
	}
	return term
}

// flat returns the columns of a result. A record becomes a column that says whether there is a record, then its fields.
// A packed record is followed by as many nulls as it has fields.
func flat(vs []value) []string {
	var out []string
	for _, v := range vs {
		out = append(out, v.sql)
		switch {
		case v.isRecord() && v.fields != nil:
			out[len(out)-1] = "(" + v.sql + ")"
			out = append(out, flat(v.fields)...)
		case v.isRecord():
			for range width(v.schema) {
				out = append(out, "NULL")
			}
		}
	}
	return out
}

// width returns the number of result columns for a schema.
func width(s relation.Schema) int {
	n := len(s)
	for _, c := range s {
		if c.Kind == relation.Record {
			n += width(c.Fields)
		}
	}
	return n
}

// pack writes a record as one value.
func (k *compiler) pack(cols []value, what relation.Part) (string, error) {
	args := make([]string, len(cols))
	for i, v := range cols {
		args[i] = v.sql
		if v.isRecord() && v.fields != nil {
			inner, err := k.pack(v.fields, what)
			if err != nil {
				return "", err
			}
			args[i] = "CASE WHEN " + v.sql + " THEN " + inner + " END"
		}
	}
	return supported(k.f.Pack(args), what)
}
