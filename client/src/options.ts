import { failure, type RpcError } from './error'
import { keep, type Keeper, type Token } from './token'

/** A call that waits for the connection. */
export interface QueuedCall {
  path: string
  args: readonly unknown[]
  /** When it was made, in milliseconds since 1970. */
  queuedAt: number
}

/** Calls made without a connection wait for it, instead of failing when their time is up. */
export interface OfflineOptions {
  /** Whether they wait. Default: true, where `offline` is given. */
  queue?: boolean
  /** How many wait at most; the oldest gives way and fails with `QUEUE_FULL`. Default: 100. */
  maxQueue?: number
  /** Milliseconds after which a waiting call fails with `STALE` in place of being sent. Default: no limit. */
  maxAge?: number
  /** Asked for each waiting call before it is sent; false drops it with `STALE`. */
  beforeReplay?: (call: QueuedCall) => boolean
  /** Told of each call that waited and then failed. */
  onReplayError?: (call: QueuedCall, error: RpcError) => void
}

/** What `configure` takes. */
export interface Options {
  /**
   * Where the server is: `wss://example.com`, `https://example.com`, or a whole address with a path. What it has behind a `?` is sent with
   * each request. Default: the server of the page.
   */
  url?: string
  /**
   * Gives the token that says who the caller is, such as a JWT, for `bearer()` on the server; nothing is nobody. It is kept, and asked
   * for again when it has run out: half a minute before the `exp` of a JWT, when the server has closed the connection since the caller
   * changed (4004) or has not taken it (UNAUTHORIZED), and after `reconnect()`.
   */
  token?: () => Token | PromiseLike<Token>
  /** Milliseconds a call may take. Default: 30,000, or what the rpc declares if that is more. */
  timeout?: number
  offline?: OfflineOptions
  /** Called when the connection is there again; not for the first one. */
  onConnect?: () => void
  /** Called when the connection is lost, with the close code (RFC 6455 §7.4) and reason. */
  onDisconnect?: (code: number, reason: string) => void
  /** Runs before each attempt to connect again, which waits for it. */
  beforeReconnect?: () => void | Promise<void>
  /** Gets the text or bytes of each frame that is no message of Live. */
  onUnhandled?: (frame: unknown) => void
  /** The WebSocket to use. Outside of a browser there are no connections unless this is given: rendering on a server never opens one. */
  WebSocket?: typeof WebSocket
  /** The fetch to use for calls over HTTP. */
  fetch?: typeof fetch
}

/** @internal */
export const options: Options = {}

/** What keeps the token, where the app gives one. @internal */
export let keeper: Keeper | undefined

/** Sets options; those that are not named stay as they are. Set `url` and `token` before the first call or subscription. */
export function configure(changes: Options): void {
  Object.assign(options, changes)
  if ('token' in changes) keeper = changes.token && keep(changes.token)
}

declare const WorkerGlobalScope: unknown

/** Whether this runs where there is no user, as in rendering on a server. @internal */
export const onServer = (): boolean => typeof window === 'undefined' && typeof WorkerGlobalScope === 'undefined' && !options.WebSocket

/** What fails there. @internal */
export const rendering = (path: string): RpcError => failure('DISCONNECTED', `${path} is for the browser, and this renders on a server`)

/** The address of an entry point of the server; `relative`: within the site of the page. @internal */
export function address(path: string, { socket, relative }: { socket?: boolean; relative?: boolean } = {}): string {
  const { location, process } = globalThis as { location?: Location; process?: { env?: Record<string, string | undefined> } }
  const page = location?.href ?? process?.env?.['LIVE_URL'] ?? 'http://127.0.0.1:8080'
  const { protocol, host, pathname, search } = new URL(options.url || '/', page)
  const whole = path + (path.includes('?') ? search.replace('?', '&') : search)
  if (relative) return whole
  return `${protocol}//${host}${pathname.replace(/\/(_live\/ws)?$/, '')}${whole}`.replace(/^(http|ws)/, socket ? 'ws' : 'http')
}
