/** A fault in the arguments of a call. `path` is a JSON Pointer (RFC 6901) into the array of arguments: `/1` is the second one. */
export interface Issue {
  path: string
  message: string
}

/** The codes that any call can fail with. `DISCONNECTED`, `TIMEOUT`, `QUEUE_FULL` and `STALE` come from the client itself. */
export type SystemCode =
  | 'CONFLICT'
  | 'DISCONNECTED'
  | 'FORBIDDEN'
  | 'INTERNAL'
  | 'MALFORMED'
  | 'NOT_FOUND'
  | 'OVERLOADED'
  | 'PAYLOAD_TOO_LARGE'
  | 'QUEUE_FULL'
  | 'RATE_LIMITED'
  | 'RESULT_TOO_LARGE'
  | 'STALE'
  | 'TIMEOUT'
  | 'UNAUTHORIZED'
  | 'UNAVAILABLE'
  | 'USE_HTTP'
  | 'VALIDATION'

/** A failure on the wire. */
export interface Failure<C extends string = string> {
  code: C
  message: string
  issues?: Issue[]
  retryAfter?: number
}

/** A call or a stream that failed. `C` is the union of the codes it can have. */
export class RpcError<C extends string = string> extends Error {
  override readonly name = 'RpcError'
  readonly code: C
  /** The faults in the arguments; with `VALIDATION`. */
  declare readonly issues?: Issue[]
  /** Seconds to wait before another try; with `RATE_LIMITED` and `OVERLOADED`. */
  declare readonly retryAfter?: number

  constructor(failure: Failure<C>) {
    super(failure.message)
    this.code = failure.code
    if (failure.issues) this.issues = failure.issues
    if (failure.retryAfter) this.retryAfter = failure.retryAfter
  }
}

/** @internal */
export const failure = (code: SystemCode, message: string): RpcError => new RpcError({ code, message })
