import { setNow } from './clock'
import { entryPoints, hash } from './contract'
import { failure, RpcError } from './error'
import { address, keeper, onServer, options } from './options'
import { safely, Source, touch } from './source'
import type { Token } from './token'

/** The state of the page's only connection. */
export interface ConnectionState {
  /** `idle`: nothing has needed it yet. `waiting`: lost; the next attempt is at `retryAt`. `closed`: the server has closed it for good. */
  readonly state: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed'
  /** The close code of the last connection. */
  readonly code?: number
  readonly reason?: string
  /** When the next attempt is made, in milliseconds since 1970. */
  readonly retryAt?: number
  /** While it is open: the `key` of one's own entries in presence and cursors. */
  readonly key?: string
}

type Message = any

/**
 * A part of the client that uses the connection. Its first use adds it, so that the bundle of an app has only the parts that the app uses.
 * @internal
 */
export interface Part {
  /** The handler of each kind of message. */
  on: Record<string, (message: Message) => void | boolean>
  /** There is a new connection: the part sends again everything that is open. */
  opened?(): void
  /** The server has said hello; `user` is '' for nobody. */
  greeted?(user: string): void
  /** The page is being reloaded, since the server has another contract. */
  leaving?(user: string | undefined): void
  /** The new connection belongs to another user than the one before. */
  turned?(): void
  /**
   * The connection is lost; for good if there is an error. `heard`: the server had said hello. `changed`: the next connection may belong to
   * another user.
   */
  lost?(loss: Loss): void
}

/** @internal */
export interface Loss {
  code: number
  error: RpcError | undefined
  heard: boolean
  changed: boolean
}

const SESSION_CHANGED = 4004
const REFUSED = 4503
const CONTRACT_CHANGED = 4510
const RELOADED = 'live:reloaded' // in sessionStorage: the contracts of the pages that were reloaded since a connection was open
const FIRST_DELAY = 500
const LAST_DELAY = 30_000
const STABLE = 10_000 // milliseconds after which a connection counts as good, even if it has answered nothing
const PROBE = 5_000
const FRAME_MESSAGES = 50
const FRAME_LENGTH = 16_000 // of UTF-16 units: less than 64 KiB in UTF-8

let socket: WebSocket | undefined
let ready = false // messages can be sent
let heard = 0 // when the last message came, in milliseconds since 1970; 0 before hello
let connected = 0 // when this connection got its hello; 0 before
let asked = 0 // when the last ping was sent, in milliseconds since 1970; 0 if it needs no answer
let due = 0 // when silence is looked at next
let again = false // that ping is the second one
let before = false // there was an earlier connection
let failures = 0
let attempts = 0
let who: string | undefined // the user of the last connection; '' for nobody
let turned = false // the user has changed, and since then no connection has lasted for STABLE
let interval = 25_000
let timer: ReturnType<typeof setTimeout> | undefined
let beat: ReturnType<typeof setTimeout> | undefined
let listed = false // hello lists the entry points, since the server has another contract
let wakeful = false
let outbox: string[] = []

/** How many bytes the server takes, in one message and in one frame; infinite until it has said so. @internal */
export const limits: { message: number; frame: number } = { message: Infinity, frame: Infinity }

let lastId = 0
const parts = new Set<Part>()

let now: ConnectionState = { state: 'idle' }

class Connection extends Source<ConnectionState> {
  /** Reactive in Svelte 5. */
  get current(): ConnectionState {
    this.track()
    return now
  }
  /** @internal */
  override snapshot() {
    return now
  }
}

/** The state of the connection, as a store and as `.current`. */
export const connection: Readonly<Pick<Connection, 'subscribe' | 'current'>> = /* @__PURE__ */ new Connection()

function enter(state: ConnectionState) {
  now = state
  touch(connection as Connection)
}

/** The next id of a call or subscription. @internal */
export const nextId = (): number => ++lastId

/** Whether messages can be sent. @internal */
export const isReady = (): boolean => ready

/** Counts the changes of the user: what was sent to one user is not shown to the next. @internal */
export let person = 0

/** The error of a connection that has ended for good. @internal */
export let ended: RpcError | undefined

/** Adds a part, and connects if there is no connection yet. @internal */
export function use(part: Part): void {
  parts.add(part)
  if (now.state === 'idle' && !onServer()) open()
}

/**
 * Sends a message, in one frame with the others of this turn of the event loop. Without a connection the message is dropped: parts send
 * everything that is open again when there is a new connection. @internal
 */
export function send(message: string): void {
  if (!ready) return
  if (!outbox.length) queueMicrotask(flush)
  outbox.push(message)
}

function flush() {
  const messages = outbox
  outbox = []
  if (!ready) return
  for (let from = 0; from < messages.length;) {
    let to = from + 1
    let length = messages[from]!.length
    while (to < messages.length && to - from < FRAME_MESSAGES && (length += messages[to]!.length) < FRAME_LENGTH) to++
    const frame = messages.slice(from, to)
    socket!.send(frame.length > 1 ? `[${frame}]` : frame[0]!)
    from = to
  }
}

/** Sends a binary frame, after all earlier messages. @internal */
export function sendBytes(frame: Uint8Array<ArrayBuffer>): void {
  if (!ready) return
  flush()
  socket!.send(frame)
}

function open() {
  clearTimeout(timer)
  if (!wakeful) {
    wakeful = true
    globalThis.addEventListener?.('online', wake)
    globalThis.document?.addEventListener('visibilitychange', () => document.hidden || wake())
  }
  enter({ ...now, state: 'connecting' })
  const attempt = ++attempts
  if (!keeper) return dial()
  keeper.token().then(
    (token) => attempt === attempts && dial(token),
    (error) => attempt === attempts && lose(1000, error.message),
  )
}

function dial(token?: Token) {
  let ws: WebSocket
  try {
    ws = new (options.WebSocket ?? WebSocket)(address('/_live/ws', { socket: true }), 'live.v1')
  } catch (error) {
    const why = failure('DISCONNECTED', String(error))
    return end(why, { code: 0, error: why, heard: false, changed: false }, String(error))
  }
  socket = ws
  heard = connected = 0
  ws.binaryType = 'arraybuffer'
  ws.onopen = () => {
    if (ws !== socket) return
    ready = true
    send(`{"t":"hello","v":1,"h":${JSON.stringify(hash)}${token ? `,"token":${JSON.stringify(token)}` : ''}${listed ? `,"p":${JSON.stringify(entryPoints)}` : ''}}`)
    for (const part of parts) part.opened?.()
  }
  ws.onmessage = (event) => {
    if (ws === socket) receive(event.data)
  }
  ws.onclose = (event) => {
    if (ws === socket) lose(event.code, event.reason)
  }
  ws.onerror = () => {
    if (ws === socket && !ready) lose(1006, '') // some platforms send no close event afterwards
  }
}

function receive(frame: unknown) {
  if (heard) heard = Date.now()
  let messages: Message
  try {
    messages = JSON.parse(frame as string)
  } catch {
    options.onUnhandled?.(frame)
    return
  }
  for (const message of Array.isArray(messages) ? messages : [messages]) {
    if (message?.t === 'hello') greet(message)
    else dispatch(message, frame)
  }
}

function dispatch(message: Message, frame: unknown) {
  for (const part of parts) {
    const handle = Object.hasOwn(part.on, message?.t) && part.on[message.t]
    if (handle && handle(message) !== false) {
      if (ANSWERS.has(message.t)) failures = 0
      return
    }
  }
  if (message?.t === 'err' && message.id === 0) console.warn(`Live: ${message.code}: ${message.message}`)
  else if (!known.has(message?.t)) safely(() => options.onUnhandled?.(frame))
}

// Messages that need no handler: answers to pings, and what may still arrive for a call or subscription that has ended.
const known = /* @__PURE__ */ new Set(['pong', 'ok', 'err', 'snap', 'live', 'ev', 'off', 'end', 'resync', 'sig'])

// Messages that show that the server works: attempts to connect need not wait longer and longer.
const ANSWERS = /* @__PURE__ */ new Set(['ok', 'snap', 'live'])

function greet(hello: { hb: number; k?: string; now?: number; max?: number; frame?: number }) {
  heard = connected = Date.now()
  limits.message = hello.max || Infinity
  limits.frame = hello.frame || Infinity
  if (hello.now) setNow(hello.now)
  interval = hello.hb || interval
  const user = /^(~~|[^~])/.test(hello.k ?? '') ? hello.k! : ''
  if (who !== undefined && who !== user) {
    person++
    for (const part of parts) part.turned?.()
  }
  who = user
  asked = 0
  watch(interval)
  enter({ state: 'open', ...(hello.k && { key: hello.k }) })
  if (before) safely(() => options.onConnect?.())
  before = true
  reloaded([])
  for (const part of parts) part.greeted?.(user)
}

/** Looks for a half-open connection in some milliseconds. */
function watch(ms: number) {
  clearTimeout(beat)
  due = Date.now() + ms
  beat = setTimeout(look, ms)
}

/**
 * Detects a half-open connection: after an interval of silence it sends a ping, and reconnects if nothing comes after that. Timers of hidden
 * pages are late, and then an answer may be waiting to be read: such a page gets a second ping.
 */
function look() {
  const time = Date.now()
  if (heard < asked) {
    if (time - due < PROBE || again) return lose(4003, 'Nothing was heard of the server')
    again = true
    return ping(Math.min(PROBE, interval))
  }
  asked = 0
  again = false
  if (time - heard >= interval) ping(interval)
  else watch(interval)
}

/** Sends a ping, which must be answered in some milliseconds. */
function ping(ms: number) {
  asked = Date.now()
  send('{"t":"ping"}')
  watch(ms)
}

/** The network may be back: reconnects at once if there is no connection, else tests the one there is. */
function wake() {
  if (now.state === 'waiting') retry()
  else if (heard) ping(Math.min(PROBE, interval))
}

function lose(code: number, reason: string, changed = code === SESSION_CHANGED) {
  const over = socket
  const since = connected
  socket = undefined
  ready = false
  outbox = []
  heard = connected = 0
  clearTimeout(beat)
  over?.close()
  if (since && Date.now() - since >= STABLE) {
    failures = 0
    turned = false
  }
  const [, refusal, text] = (code === REFUSED && /^(\w+)(?:: ([^]*))?$/.exec(reason)) || [] // the code, and the text of the app
  if (refusal === 'UNAUTHORIZED' && keeper && !turned) changed = true // the token may have expired
  const old = code === CONTRACT_CHANGED
  const listing = old && !listed && Object.keys(entryPoints).length > 0
  listed ||= listing
  const atOnce = listing || (changed && !turned)
  if (changed) {
    turned = true
    if (keeper)
      keeper.forget() // a new token may be for the same user; hello says whether it is
    else person++
  }
  const said = text || reason || 'The connection was lost'
  const final = code >= 4500 && code < 5000 && !changed && !listing && !(old && options.development)
  const error = final ? new RpcError({ code: refusal ?? 'DISCONNECTED', message: said }) : undefined
  const loss: Loss = { code, error, heard: since > 0, changed }
  if (since) safely(() => options.onDisconnect?.(code, reason))
  if (error) return old && reloaded() ? renew(error, loss) : end(error, loss, reason)
  const delay = atOnce ? 0 : Math.random() * Math.min(old ? LAST_DELAY / 15 : LAST_DELAY, FIRST_DELAY * 2 ** failures++)
  enter({ state: 'waiting', code, reason, retryAt: Date.now() + delay })
  for (const part of parts) part.lost?.(loss)
  if (atOnce) open()
  else timer = setTimeout(retry, delay)
}

function end(error: RpcError, loss: Loss, reason: string) {
  ended = error
  enter({ state: 'closed', code: loss.code, reason })
  for (const part of parts) part.lost?.(loss)
}

/** Reloads the page, unless the app does not want that. */
async function renew(error: RpcError, loss: Loss) {
  const closed: ConnectionState = { state: 'closed', code: loss.code, reason: error.message }
  enter(closed)
  for (const part of parts) part.lost?.({ ...loss, error: undefined })
  let stay = false
  try {
    stay = (await options.onContractChange?.()) === false
  } catch (error) {
    safely(() => {
      throw error
    })
  }
  if (now !== closed) return // reconnect() was called meanwhile
  if (stay) return end(error, loss, error.message)
  reloaded([...reloaded()!, hash])
  for (const part of parts) part.leaving?.(who)
  location.reload()
}

/**
 * The contracts for which pages were reloaded in vain so far; undefined if the page cannot be reloaded, or was reloaded for this contract
 * before. With an argument it sets them.
 */
function reloaded(next?: string[]): string[] | undefined {
  try {
    if (next) {
      sessionStorage.removeItem(RELOADED)
      if (next.length) sessionStorage.setItem(RELOADED, JSON.stringify(next))
      return next
    }
    const all: string[] = JSON.parse(sessionStorage.getItem(RELOADED) ?? '[]')
    return all.includes(hash) || !location.reload ? undefined : all
  } catch {
    return undefined // no storage, as in Node
  }
}

function retry() {
  clearTimeout(timer)
  const hook = options.beforeReconnect
  if (!hook) return open()
  enter({ ...now, state: 'connecting' })
  void (async () => hook())().then(
    () => now.state === 'connecting' && !socket && open(),
    (error) => lose(1000, String(error)),
  )
}

/**
 * Connects anew, with the cookies of the page and a fresh token. Call it when the session was changed without Live, after signing in or out
 * with a token, or after the server has closed the connection for good. What was sent to one user is not shown to the next.
 */
export function reconnect(): void {
  keeper?.forget()
  if (now.state === 'idle' || onServer()) return
  clearTimeout(timer)
  ended = undefined
  failures = 0
  turned = false
  lose(SESSION_CHANGED, 'The session changed')
}
