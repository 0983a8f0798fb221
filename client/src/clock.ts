let ahead = 0 // of this machine's clock, in milliseconds

/** The time in milliseconds since 1970, by the server's clock once that is known. @internal */
export const now = (): number => Date.now() + ahead

/** Takes note of the server's time. @internal */
export function setNow(time: number): void {
  ahead = time - Date.now()
}
