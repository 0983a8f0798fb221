package ir

// Pending is a declaration or clause that is checked but has no back end yet.
type Pending struct {
	Pos     Pos
	Keyword string // as people write it: cron, effect, delta
	Name    string
}
