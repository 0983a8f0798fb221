package sqlite

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
)

func (k *compiler) wrapGroup(g *selection, by string) *selection {
	return k.derive(g, " GROUP BY "+by)
}

// wrap makes a table of a selection, whose order the selection around it takes over.
func (k *compiler) wrap(s *selection) *selection {
	return k.derive(s, "")
}

func (k *compiler) derive(s *selection, group string) *selection {
	d := deriver{alias: k.alias()}
	out := &selection{key: s.key, desc: s.desc, enum: s.enum}
	for _, c := range s.cols {
		out.cols = append(out.cols, d.take(c))
	}
	for _, c := range s.ident {
		out.ident = append(out.ident, d.take(c))
	}
	for _, v := range s.more {
		out.more = append(out.more, d.take(v))
	}
	for i, b := range s.by {
		x := d.take(b)
		out.by = append(out.by, x)
		term := ordered(x.sql, s.enum[i])
		if s.desc[i] {
			term += " DESC"
		}
		out.order = append(out.order, term)
	}
	out.from = "(" + s.textGroup(d.cols, group) + ") AS " + d.alias
	return out
}

// deriver names the columns of a selection that becomes a table.
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
func (s *selection) text(cols []string) string { return s.textGroup(cols, "") }

func (s *selection) textGroup(cols []string, group string) string {
	text := "SELECT " + strings.Join(cols, ", ") + " FROM " + s.from
	if len(s.where) > 0 {
		text += " WHERE " + strings.Join(s.where, " AND ")
	}
	text += group
	if len(s.order) > 0 && group == "" {
		text += " ORDER BY " + strings.Join(s.order, ", ")
	}
	if s.limit != "" {
		text += " LIMIT " + s.limit
	}
	return text
}

// flat is the columns of a result: a record is a column that tells whether there is one, then its fields; a packed one is followed by as many nulls.
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

// width is how many columns of a result the columns of a schema take.
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
func pack(cols []value) string {
	args := make([]string, len(cols))
	for i, v := range cols {
		args[i] = v.sql
		if v.isRecord() && v.fields != nil {
			args[i] = "CASE WHEN " + v.sql + " THEN " + pack(v.fields) + " END"
		}
	}
	return "live_row(" + strings.Join(args, ", ") + ")"
}
