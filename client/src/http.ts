import { attempt, type CallOptions, launch, once, type Rpc, timeLimit, trim } from './call'
import { write } from './codec'
import { reconnect } from './connection'
import { failure, RpcError } from './error'
import { address, keeper, onServer, options, rendering } from './options'
import { type Answer, checked, type Token } from './token'
import { uuid7 } from './uuid'

/** Sends a request with a token: the given one, or that of the app. The result is undefined if a gate is closed. @internal */
export async function request(
  url: string,
  init: RequestInit,
  how: CallOptions,
  fetcher = options.fetch ?? fetch,
  given?: Token,
): Promise<unknown> {
  const ask = async (bearer?: Token): Promise<Answer> => {
    const headers = { ...init.headers, ...(bearer && { Authorization: `Bearer ${bearer}` }) }
    const control = new AbortController()
    let timer
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(failure('TIMEOUT', 'The server did not answer in time'))
        control.abort()
      }, timeLimit(how))
    })
    try {
      return await Promise.race([late, fetcher(url, { ...init, headers, signal: control.signal }).then(read)])
    } catch (error) {
      throw error instanceof RpcError ? error : failure('DISCONNECTED', `The server cannot be reached: ${error}`)
    } finally {
      clearTimeout(timer)
    }
  }
  const answer = await (given || !keeper ? ask(checked(given)) : keeper.ask(ask))
  if (answer.error) throw new RpcError(answer.error)
  if (answer.off) return undefined
  return how.decode ? how.decode(answer.value) : answer.value
}

/** Reads an answer. A proxy may answer in place of the server, with a page of its own. */
async function read(response: Response): Promise<Answer> {
  let answer: Answer | undefined
  try {
    answer = await response.json()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  if (answer && typeof answer === 'object' && ('value' in answer || answer.error?.code)) return answer
  const seconds = Number(response.headers?.get('Retry-After'))
  const message = `Something else than the server has answered, with the status ${response.status}`
  return { error: { code: 'UNAVAILABLE', message, ...(seconds > 0 && { retryAfter: seconds }) } }
}

/**
 * An rpc that starts or ends a session. It goes over HTTP, which can set a cookie. Afterwards the connection is opened anew, as the new
 * user.
 */
export function sessionRpc<A extends unknown[], R, E extends string = string>(path: string, how: CallOptions = {}): Rpc<A, R, E> {
  const post = async (body: string) => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': uuid7() }
    const value = await request(address('/_live/rpc/' + path), { method: 'POST', credentials: 'include', headers, body }, how)
    reconnect()
    return value
  }
  const begin = (body: string) => {
    const promise: Promise<unknown> = new Promise((resolve, reject) =>
      launch({
        send: () => resolve(post(body)),
        drop(error) {
          promise.catch(() => {})
          reject(error)
        },
      }),
    )
    return promise
  }
  const start = (args: A, fresh?: boolean) =>
    attempt(() => {
      if (onServer()) throw rendering(path)
      const body = write(trim(args), how.encode)
      return once(fresh ? '' : path + body, () => begin(body)) as Promise<R>
    })
  return Object.assign((...args: A) => start(args), { fresh: (...args: A) => start(args, true), path })
}
