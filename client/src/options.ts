import { failure, type RpcError } from './error'

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
  /** Where the server is: `wss://example.com`, `https://example.com`, or a whole address with a path. Default: the server of the page. */
  url?: string
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

/** Sets options; those that are not named stay as they are. Set `url` before the first call or subscription. */
export function configure(changes: Options): void {
  Object.assign(options, changes)
}

declare const WorkerGlobalScope: unknown

/** Whether this runs where there is no user, as in rendering on a server. @internal */
export const onServer = (): boolean => typeof window === 'undefined' && typeof WorkerGlobalScope === 'undefined' && !options.WebSocket

/** What fails there. @internal */
export const rendering = (path: string): RpcError => failure('DISCONNECTED', `${path} is for the browser, and this renders on a server`)

/** The address of an entry point of the server. Where the page comes from the server itself, paths alone do. @internal */
export function address(path: string, socket?: boolean): string {
  const { location, process } = globalThis as { location?: Location; process?: { env?: Record<string, string | undefined> } }
  const page = location?.href ?? process?.env?.['LIVE_URL'] ?? 'http://127.0.0.1:8080'
  const url = new URL(options.url ?? '/', page)
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/(_live\/ws)?$/, '')}${path}`.replace(/^(http|ws)/, socket ? 'ws' : 'http')
}
