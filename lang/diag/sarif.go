package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/livec-lang/livec/lang/source"
)

// The parts of SARIF 2.1.0 (OASIS standard, 27 March 2020) that are written. Columns are code points.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		URI   string      `json:"informationUri"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    Code          `json:"id"`
		Short *sarifMessage `json:"shortDescription,omitempty"`
		Help  *sarifMessage `json:"help,omitempty"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID       Code              `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
		Fixes        []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		ID       *int          `json:"id,omitempty"`
		Message  *sarifMessage `json:"message,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"` // after the last character
	}
	sarifFix struct {
		Description sarifMessage  `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion  `json:"deletedRegion"`
		Inserted sarifMessage `json:"insertedContent"`
	}
)

// SARIF writes a log in the Static Analysis Results Interchange Format 2.1.0, which code scanning services read.
func SARIF(w io.Writer, list List, _ RenderOptions) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "livec", URI: "https://github.com/livec-lang/livec", Rules: []sarifRule{}}
	index := map[Code]int{}
	for _, d := range list.Sorted() {
		i, known := index[d.Code]
		if !known {
			i = len(run.Tool.Driver.Rules)
			index[d.Code] = i
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(d.Code))
		}
		run.Results = append(run.Results, sarifResultOf(d, i))
	}
	return writeJSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifRuleOf(code Code) sarifRule {
	rule := sarifRule{ID: code}
	if page, ok := Explain(code); ok {
		rule.Short = &sarifMessage{Text: Title(code)}
		rule.Help = &sarifMessage{Text: page, Markdown: page}
	}
	return rule
}

func sarifResultOf(d Diagnostic, rule int) sarifResult {
	message := d.Message
	if len(d.Help) > 0 {
		message += "\n" + strings.Join(d.Help, "\n")
	}
	out := sarifResult{RuleID: d.Code, RuleIndex: rule, Level: d.Severity.String(), Message: sarifMessage{Text: message},
		Locations: []sarifLocation{}}
	if d.Primary.File != nil {
		out.Locations = append(out.Locations, sarifLocation{Physical: sarifPhysicalOf(d.Primary.File, d.Primary.Span)})
		out.Fingerprints = map[string]string{"liveText/v1": fingerprint(d)}
	}
	for _, l := range d.Secondary {
		if l.File == nil {
			continue
		}
		id := len(out.Related)
		related := sarifLocation{ID: &id, Physical: sarifPhysicalOf(l.File, l.Span)}
		if l.Text != "" {
			related.Message = &sarifMessage{Text: l.Text}
		}
		out.Related = append(out.Related, related)
	}
	if d.Fix != nil {
		fix := sarifFix{Description: sarifMessage{Text: d.Fix.Title}, Changes: []sarifChange{}}
		for _, f := range editedFiles(d.Fix) {
			change := sarifChange{Artifact: sarifArtifact{uriOf(f.file.Path)}}
			for _, e := range f.edits {
				change.Replacements = append(change.Replacements, sarifReplacement{sarifPhysicalOf(e.File, e.Span).Region, sarifMessage{Text: e.Text}})
			}
			fix.Changes = append(fix.Changes, change)
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}

func sarifPhysicalOf(f *source.File, s source.Span) sarifPhysical {
	s = within(f, s)
	start, end := f.Position(s.Start), f.Position(s.End)
	return sarifPhysical{sarifArtifact{uriOf(f.Path)}, sarifRegion{start.Line, start.Column, end.Line, end.Column}}
}

// uriOf returns a path as a URI reference (RFC 3986), relative to the working directory unless it is absolute.
func uriOf(p string) string {
	if path.IsAbs(p) {
		return (&url.URL{Scheme: "file", Path: p}).String()
	}
	return (&url.URL{Path: p}).String()
}

// fingerprint identifies a diagnostic as long as the text of its line does not change, even if the line moves.
func fingerprint(d Diagnostic) string {
	f := d.Primary.File
	start := lineStart(f.Text, int(within(f, d.Primary.Span).Start))
	line := strings.TrimSpace(f.Text[start:lineEnd(f.Text, start)])
	sum := sha256.Sum256([]byte(string(d.Code) + "\x00" + f.Path + "\x00" + line))
	return hex.EncodeToString(sum[:16])
}
