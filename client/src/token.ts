// The token that identifies the caller. It is requested from the app when it is needed, and again when it has expired. It is sent in hello
// and in headers, never in an address.

import { now } from './clock'
import { type Failure, failure } from './error'
import { onServer } from './options'

/** A token; without one the caller is nobody. */
export type Token = string | null | undefined

/** An answer of the server over HTTP. @internal */
export interface Answer {
  value?: unknown
  error?: Failure
  off?: boolean // the gate is closed
}

/** Keeps the token. @internal */
export interface Keeper {
  token(): Promise<Token>
  /** Drops the token, so that the next use requests a new one. */
  forget(): void
  /** Sends a request with the token. If the server refuses it and the app has another one by now, the request is sent again. */
  ask(send: (token: Token) => Promise<Answer>): Promise<Answer>
}

const EARLY = 30_000 // milliseconds before its expiry at which a token is replaced
const WAIT = 30_000 // milliseconds that the app may take to give a token

/** Keeps what the app gives until it expires. On a server nothing is kept, since the next request may be another user's. @internal */
export function keep(app: () => Token | PromiseLike<Token>): Keeper {
  let known: Promise<Token> | undefined // or pending
  let ends = 0
  const forget = (which = known) => {
    if (which === known) known = undefined
  }
  const token = () => {
    if (known && now() < ends - EARLY) return known
    const mine = give(app)
    if (onServer()) return mine
    ends = Infinity
    mine.then(
      (token) => mine === known && (ends = endOf(token)),
      () => forget(mine),
    )
    return (known = mine)
  }
  const ask = async (send: (token: Token) => Promise<Answer>) => {
    const mine = token()
    const first = await mine
    const answer = await send(first)
    if (answer.error?.code !== 'UNAUTHORIZED') return answer
    forget(mine) // unless it has been replaced meanwhile
    const other = await token()
    return other === first ? answer : send(other)
  }
  return { token, forget: () => forget(), ask }
}

async function give(app: () => Token | PromiseLike<Token>): Promise<Token> {
  let timer
  try {
    const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, WAIT, 'not in time')))
    return checked(await Promise.race([app(), late]))
  } catch (error) {
    throw failure('DISCONNECTED', `The app gave no token: ${error}`)
  } finally {
    clearTimeout(timer)
  }
}

/** Checks that a header can carry a token. The error does not contain the token. @internal */
export function checked(token: Token): Token {
  if (token && !/^[!-~]{1,8192}$/.test(token)) throw failure('MALFORMED', 'A token is visible ASCII of at most 8192 bytes')
  return token
}

/** When a token expires, in milliseconds since 1970: the `exp` of a JWT (RFC 7519 §4.1.4). Infinity if that cannot be read. */
function endOf(token: Token): number {
  try {
    return JSON.parse(atob(token!.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))).exp * 1000 || Infinity
  } catch {
    return Infinity
  }
}
