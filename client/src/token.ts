// The token that says who the caller is. It is asked for when it is needed, and again when it has run out. It leaves in hello and in
// headers, never in an address.

import { now } from './clock'
import { type Failure, failure } from './error'
import { onServer } from './options'

/** A token; nothing is nobody. */
export type Token = string | null | undefined

/** What the server answers over HTTP. @internal */
export interface Answer {
  value?: unknown
  error?: Failure
}

/** What keeps the token. @internal */
export interface Keeper {
  token(): Promise<Token>
  /** Has the token asked for anew when it is next needed. */
  forget(): void
  /** Asks the server with the token. If it is not taken and the app has another by now, it asks again. */
  ask(send: (token: Token) => Promise<Answer>): Promise<Answer>
}

const EARLY = 30_000 // milliseconds before its end from which on a token counts as run out
const WAIT = 30_000 // milliseconds that the app may take to give one

/** Keeps what the app gives as long as it is good. On a server nothing is kept, since the next request may be another user's. @internal */
export function keep(app: () => Token | PromiseLike<Token>): Keeper {
  let known: Promise<Token> | undefined // or on its way
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
    forget(mine) // unless somebody else has done so since
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

/** A token that a header can carry. The error for another does not show it. @internal */
export function checked(token: Token): Token {
  if (token && !/^[!-~]{1,8192}$/.test(token)) throw failure('MALFORMED', 'A token is visible ASCII of at most 8192 bytes')
  return token
}

/** When a token runs out, in milliseconds since 1970: the `exp` of a JWT (RFC 7519 §4.1.4). Of others nothing is known. */
function endOf(token: Token): number {
  try {
    return JSON.parse(atob(token!.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))).exp * 1000 || Infinity
  } catch {
    return Infinity
  }
}
