/** The hash of the contract that the modules were generated from. livec writes this module anew for each app; the empty hash fits any server. */
export const hash: string = ''
