// The bundle of the console has this module instead of contract.ts: the page reads the contract from the server.

export let hash = ''
export const entryPoints: Record<string, string> = {}

/** Sets the hash of the contract. It must be set before the connection is opened. */
export function setHash(value: string): void {
  hash = value
}
