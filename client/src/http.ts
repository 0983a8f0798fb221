import type { CallOptions, Rpc } from './call'
import { trim } from './call'
import type { Codec } from './codec'
import { reconnect } from './connection'
import { failure, RpcError } from './error'
import { address, keeper, onServer, options, rendering } from './options'
import { type Answer, checked, type Token } from './token'
import { uuid7 } from './uuid'

/** Sends a request with a token: the given one, or that of the app. @internal */
export async function request(
  url: string,
  init: RequestInit,
  decode: Codec | undefined,
  fetcher = options.fetch ?? fetch,
  given?: Token,
): Promise<unknown> {
  const ask = async (bearer?: Token): Promise<Answer> => {
    const headers = { ...init.headers, ...(bearer && { Authorization: `Bearer ${bearer}` }) }
    try {
      return await (await fetcher(url, { ...init, headers })).json()
    } catch (error) {
      throw failure('DISCONNECTED', `The server cannot be reached: ${error}`)
    }
  }
  const answer = await (given || !keeper ? ask(checked(given)) : keeper.ask(ask))
  if (answer.error) throw new RpcError(answer.error)
  return decode ? decode(answer.value) : answer.value
}

/**
 * An rpc that starts or ends a session. It goes over HTTP, which can set a cookie. Afterwards the connection is opened anew, as the new
 * user.
 */
export function sessionRpc<A extends unknown[], R, E extends string = string>(path: string, how: CallOptions = {}): Rpc<A, R, E> {
  const post = async (...args: A) => {
    if (onServer()) throw rendering(path)
    const value = await request(
      address('/_live/rpc/' + path),
      {
        method: 'POST',
        credentials: 'include',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': uuid7() },
        body: JSON.stringify(trim(args), how.encode),
      },
      how.decode,
    )
    reconnect()
    return value as R
  }
  return Object.assign(post, { fresh: post, path })
}
