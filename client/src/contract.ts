/**
 * The hash of the contract that the modules were generated from. livec writes this module for each app; every server accepts the empty
 * hash.
 */
export const hash: string = ''

/** The hash of each entry point in the contract. A server with another contract serves a client whose entry points it has unchanged. */
export const entryPoints: Record<string, string> = {}
