package ir

// CtxCursor is ctx.cursor: the start of the requested page of a published stream. It is null for the first page.
type CtxCursor struct{ At }
