/**
 * The hash of the contract that the modules were generated from. livec writes this module for each app; every server accepts the empty
 * hash.
 */
export const hash: string = ''
