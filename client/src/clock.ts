let ahead = 0 // the server's clock minus this machine's, in milliseconds

/** The time in milliseconds since 1970, by the server's clock once that is known. @internal */
export const now = (): number => Date.now() + ahead

/** Sets the time of the server's clock, in milliseconds since 1970. @internal */
export function setNow(time: number): void {
  ahead = time - Date.now()
}
