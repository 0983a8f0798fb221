/**
 * The hash of the contract of which the modules were generated. livec writes this module for each app; every server accepts the empty
 * hash.
 */
export const hash: string = ''
