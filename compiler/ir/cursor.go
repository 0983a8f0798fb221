package ir

// CtxCursor is ctx.cursor: where the page begins that a published stream is asked for; null for the first.
type CtxCursor struct{ At }
