package emitts

import "strings"

// comment returns a doc comment; nothing if there is no text. The sections follow after a blank line.
func comment(lines []string, sections ...string) doc {
	all := trimmed(lines)
	if len(sections) > 0 && len(all) > 0 {
		all = append(all, "")
	}
	all = append(all, sections...)
	if len(all) == 0 {
		return nil
	}
	for i, l := range all {
		all[i] = strings.ReplaceAll(strings.TrimRight(l, " \t\r"), "*/", `*\/`)
	}
	if len(all) == 1 {
		return concat(text("/** "+all[0]+" */"), newline)
	}
	out := []doc{text("/**"), newline}
	for _, l := range all {
		out = append(out, text(strings.TrimRight(" * "+l, " ")), newline)
	}
	return concat(append(out, text(" */"), newline)...)
}

// trimmed removes blank lines at both ends.
func trimmed(lines []string) []string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.Split(l, "\n")...)
	}
	for len(out) > 0 && strings.TrimSpace(out[0]) == "" {
		out = out[1:]
	}
	for len(out) > 0 && strings.TrimSpace(out[len(out)-1]) == "" {
		out = out[:len(out)-1]
	}
	return out
}

// paragraph returns a doc comment as one line, for a tag.
func paragraph(lines []string) string {
	return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
}
