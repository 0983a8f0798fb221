import { failure, type RpcError } from './error'
import { keep, type Keeper, type Token } from './token'

/** A call that waits for the connection. */
export interface QueuedCall {
  path: string
  args: readonly unknown[]
  /** When it was made, in milliseconds since 1970. */
  queuedAt: number
}

/** Has calls made without a connection wait for it, instead of failing when they time out. */
export interface OfflineOptions {
  /** Whether they wait. Default: true, if `offline` is given. */
  queue?: boolean
  /** How many wait at most. Beyond that the oldest fails with `QUEUE_FULL`. Default: 100. */
  maxQueue?: number
  /** Milliseconds after which a waiting call fails with `STALE` instead of being sent. Default: no limit. */
  maxAge?: number
  /** Called for each waiting call before it is sent; false drops it with `STALE`. */
  beforeReplay?: (call: QueuedCall) => boolean
  /** Called for each call that waited and then failed. */
  onReplayError?: (call: QueuedCall, error: RpcError) => void
}

/** What `configure` takes. */
export interface Options {
  /**
   * The address of the server: `wss://example.com`, `https://example.com`, or one with a path. Its query is sent with each request. A path
   * alone, such as `/app`, is on the server of the page: the server's `--base`. Default: the server of the page.
   */
  url?: string
  /**
   * Gives the token that identifies the caller, such as a JWT, for `bearer()` on the server; without a token the caller is nobody. It is
   * kept until it expires, and then requested again: half a minute before the `exp` of a JWT, when the server has closed the connection
   * because the caller has changed (4004) or has refused the token (UNAUTHORIZED), and after `reconnect()`.
   */
  token?: () => Token | PromiseLike<Token>
  /** Milliseconds a call may take. Default: 30,000, or what the rpc declares if that is more. */
  timeout?: number
  offline?: OfflineOptions
  /** Called when the connection is back; not for the first one. */
  onConnect?: () => void
  /** Called when the connection is lost, with the close code (RFC 6455 §7.4) and reason. */
  onDisconnect?: (code: number, reason: string) => void
  /** Runs before each attempt to reconnect, which waits for it. */
  beforeReconnect?: () => void | Promise<void>
  /**
   * Called when the server has another contract than the page was built for, as after a release. The page is then reloaded, once, and what
   * was not sent is sent afterwards; with false it stays as it is, and calls and streams fail until `reconnect()`. Calls wait for a promise.
   */
  onContractChange?: () => boolean | void | PromiseLike<boolean | void>
  /** Called with the text or bytes of each frame that is not a message of Live. */
  onUnhandled?: (frame: unknown) => void
  /** The WebSocket to use. Outside of a browser there are no connections unless this is given: rendering on a server never opens one. */
  WebSocket?: typeof WebSocket
  /** The fetch to use for calls over HTTP. */
  fetch?: typeof fetch
  /** The vite plugin reloads the page when its modules change: until then the client tries again and again. @internal */
  development?: boolean
}

/** @internal */
export const options: Options = {}

/** Keeps the token, if the app gives one. @internal */
export let keeper: Keeper | undefined

/** Sets the given options, and leaves the others as they are. Set `url` and `token` before the first call or subscription. */
export function configure(changes: Options): void {
  Object.assign(options, changes)
  if ('token' in changes) keeper = changes.token && keep(changes.token)
}

declare const WorkerGlobalScope: unknown

/** Whether this code runs without a user, as in rendering on a server. @internal */
export const onServer = (): boolean => typeof window === 'undefined' && typeof WorkerGlobalScope === 'undefined' && !options.WebSocket

/** The error of a call that is made there. @internal */
export const rendering = (path: string): RpcError => failure('DISCONNECTED', `${path} is for the browser, and this renders on a server`)

/** The address of an entry point of the server; with `relative` one within the site of the page. @internal */
export function address(path: string, { socket, relative }: { socket?: boolean; relative?: boolean } = {}): string {
  const { location, process } = globalThis as { location?: Location; process?: { env?: Record<string, string | undefined> } }
  const page = location?.href ?? (process?.env?.['LIVE_URL'] || 'http://127.0.0.1:8080')
  const { protocol, host, pathname, search } = new URL(options.url || (location ? '/' : ''), page) // LIVE_URL may have a path, too
  const base = pathname.replace(/\/(_live\/ws)?$/, '')
  const whole = path + (path.includes('?') ? search.replace('?', '&') : search)
  if (relative) return (options.url?.[0] === '/' ? base : '') + whole
  return `${protocol}//${host}${base}${whole}`.replace(/^(http|ws)/, socket ? 'ws' : 'http')
}
