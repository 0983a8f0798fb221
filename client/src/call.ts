import { base64, bytes, bytesOf, type Codec, write } from './codec'
import { ended, isReady, limits, type Loss, nextId, type Part, send, sendBytes, use } from './connection'
import { type Failure, failure, RpcError, type SystemCode } from './error'
import { onServer, options, rendering } from './options'
import { safely } from './source'
import { uuid7 } from './uuid'

/** What the generator knows about an rpc. */
export interface CallOptions {
  /** It writes: the server recognizes a repeated call by its key. */
  write?: boolean
  /** It must not be sent twice, and has no key. */
  once?: boolean
  /** The index of the argument that is sent as raw bytes. */
  bytes?: number
  /** Reads the result. */
  decode?: Codec | undefined
  /** Encodes values among the arguments that JSON does not have. */
  encode?: (this: any, name: string, value: unknown) => unknown
  /** The time limit of the rpc itself, in milliseconds. */
  timeout?: number
  /** The key of a call that a page before this one has made. @internal */
  key?: string
}

/** An rpc of the app. `E` is the union of the codes that it can fail with. */
export interface Rpc<A extends unknown[], R, E extends string = string> {
  (...args: A): Promise<R>
  /** Calls again even if the same call was made in this turn of the event loop. Otherwise the two share one call. */
  fresh(...args: A): Promise<R>
  /** `module/name`, as on the wire. */
  readonly path: string
  /** For the type only: the codes it can fail with. */
  readonly codes?: E
}

/** The codes that a call of an rpc can fail with: `ErrorCode<typeof send>`. */
export type ErrorCode<F> = (F extends Rpc<never[], unknown, infer E> ? E : never) | SystemCode

/** The error that a call of an rpc fails with: `ErrorOf<typeof send>`. */
export type ErrorOf<F> = RpcError<ErrorCode<F>>

/** Whether a caught error is one of this rpc, so that its codes are known: `if (failed(send, e)) switch (e.code) { … }`. */
export function failed<F extends Rpc<any[], any, any>>(rpc: F, error: unknown): error is ErrorOf<F> {
  return rpc !== undefined && error instanceof RpcError
}

/** @internal */
export interface Pending extends CallOptions {
  id: number
  path: string
  args: readonly unknown[]
  head: string // the kind of the message
  argsText: string
  text: string // of the message; '' until it is first sent
  raw: Uint8Array | undefined
  sent: boolean
  due: number // when it times out, in milliseconds since 1970; 0 until the time runs
  queuedAt: number // when it was queued offline, in milliseconds since 1970; 0 if it was not
  group: Group | undefined
  timer?: ReturnType<typeof setTimeout>
  promise?: Promise<unknown>
  compose(): string
  count(connections?: number): void
  resolve(value: any): void
  reject(error: RpcError): void
}

/** The calls of one `batch` that go in one frame. */
interface Group {
  sequential: boolean
  calls: Pending[]
  rest?: Pending[] // of a sequence: the calls that do not fit into the frame, and are sent after the answers to the others
}

/** What is sent as soon as no batch is being made; dropped if making the batch fails. @internal */
export interface Unsent {
  send(): void
  drop(error: RpcError): void
}

const TIMEOUT = 30_000
const MOST_IN_BATCH = 50
const TOO_BIG = 1009 // RFC 6455 §7.4.1
const SURE_FRAME = 60_000 // bytes that a server takes whose limits are not known yet, unless its app asks for less

/** Calls without an answer. @internal */
export const pending = new Map<number, Pending>()
/** What is known about a call besides its result: its key, and how many connections its signals have reached. */
const facts = new WeakMap<Promise<unknown>, { key: Promise<string>; count: number }>()
const same = new Map<string, Promise<unknown>>() // calls of this turn of the event loop, by path and arguments
let collecting: { group: Group; unsent: Unsent[] } | undefined // of the batch that is being made

const part: Part = {
  on: {
    ok: (m: { id: number; v: unknown; n?: number }) =>
      settle(m.id, (call) => {
        call.count(m.n)
        call.resolve(call.decode ? call.decode(m.v) : m.v)
      }),
    err: (m: { id: number } & Failure) => settle(m.id, (call) => reject(call, new RpcError(m))),
  },
  opened: resend,
  lost,
  leaving: keep,
  greeted: restore,
}

/** Ends a call. Returns false if there is no such call. */
function settle(id: number, how: (call: Pending) => void): boolean {
  const call = pending.get(id)
  if (!call) return false
  pending.delete(id)
  clearTimeout(call.timer)
  how(call)
  const { rest, calls } = call.group ?? {}
  const next = rest?.filter((c) => pending.has(c.id))
  if (next?.length && !calls!.some((c) => pending.has(c.id) && !next.includes(c))) transmitGroup(call.group!, next)
  return true
}

function reject(call: Pending, error: RpcError) {
  if (call.queuedAt) safely(() => options.offline?.onReplayError?.(call, error))
  call.reject(error)
}

/** Fails a call that is not sent, and that nobody may have a hand on. */
function drop(call: Pending, error: RpcError) {
  call.promise?.catch(() => {})
  settle(call.id, () => call.reject(error))
}

const giveUp = (call: Pending, code: SystemCode, message: string) => settle(call.id, () => reject(call, failure(code, message)))

const KEPT = 'live:calls' // in sessionStorage: what was not answered when the page was reloaded
const KEPT_FOR = 3_600_000 // milliseconds; the server knows keys for longer
let looked = false // for what the page before this one has kept

interface Kept {
  who?: string // the user who made the calls
  at: number
  calls: { path: string; text: string; how: CallOptions; raw?: string; group: number; sequential?: boolean }[]
}

/** Keeps the calls that can be sent by the page that follows this one: those with a key, and those that were never sent. */
function keep(who: string | undefined) {
  const groups: (Group | undefined)[] = []
  const calls: Kept['calls'] = []
  for (const { head, path, argsText, raw, write, once, sent, key, group = {} as Group } of pending.values()) {
    if (head !== 'call' || !(write || (once && !sent))) continue
    if (!groups.includes(group)) groups.push(group)
    const how = { ...(write && { write }), ...(once && { once }), ...(key && { key }) }
    const bytes = raw && { raw: base64.call([raw], '0', raw) as string }
    calls.push({ path, text: argsText, how, ...bytes, group: groups.indexOf(group), sequential: !!group.sequential })
  }
  try {
    if (calls.length) sessionStorage.setItem(KEPT, JSON.stringify({ who, at: Date.now(), calls }))
  } catch {
    console.warn('Live: calls are lost, since the storage of the page is full')
  }
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEPT)
  } catch {
    return null // there is no storage, as in Node
  }
}

/** Sends what the page before this one has kept, if the user is the same. The server refuses what does not fit its contract. */
function restore(user: string) {
  const kept: Kept | null = JSON.parse(stored() ?? 'null')
  if (!kept || (!user && kept.who)) return // the user may sign in yet
  sessionStorage.removeItem(KEPT)
  if ((kept.who ?? user) !== user || Date.now() - kept.at > KEPT_FOR) return
  for (let group = 0; kept.calls.some((c) => c.group >= group); group++) {
    const some = kept.calls.filter((c) => c.group === group)
    const make = ({ path, text, how, raw }: Kept['calls'][number]) => {
      const args = JSON.parse(text)
      const call = begin(path, args, text, how, raw === undefined ? undefined : bytes(raw))
      call.catch((error) => safely(() => options.offline?.onReplayError?.({ path, args, queuedAt: kept.at }, error)))
    }
    if (some.length > 1) void batch(() => some.map(make), { sequential: some[0]!.sequential! })
    else some.forEach(make)
  }
}

/** Makes the function that calls an rpc. */
export function rpc<A extends unknown[], R, E extends string = string>(path: string, how: CallOptions = {}): Rpc<A, R, E> {
  if (!looked) {
    looked = true
    // After the app has been configured.
    if (stored()) setTimeout(() => onServer() || use(part))
  }
  return Object.assign((...args: A) => call(path, args, how) as Promise<R>, {
    fresh: (...args: A) => call(path, args, how, true) as Promise<R>,
    path,
  })
}

/**
 * Calls an rpc by its path. It rejects with an `RpcError`. If the connection is lost, the call is sent again on the next one, provided that
 * this is safe: it only reads, or the server recognizes it by its key.
 */
export function call(path: string, args: readonly unknown[], how: CallOptions = {}, fresh?: boolean): Promise<unknown> {
  return attempt(() => {
    if (onServer()) throw rendering(path)
    const raw = how.bytes === undefined ? undefined : bytesOf(args[how.bytes])
    const text = write(trim(raw ? args.map((a, i) => (i === how.bytes ? null : a)) : args), how.encode)
    return once(raw || fresh ? '' : path + text, () => begin(path, args, text, how, raw))
  })
}

/** Runs a function that gives a promise. If it throws, the promise is rejected. @internal */
export function attempt<T>(make: () => Promise<T>): Promise<T> {
  try {
    return make()
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Makes a call, unless a call with this name was made in this turn of the event loop. The calls of a batch are all made. @internal */
export function once(name: string, make: () => Promise<unknown>): Promise<unknown> {
  if (!name || collecting) return make()
  let promise = same.get(name)
  if (!promise) {
    if (!same.size) queueMicrotask(() => same.clear())
    same.set(name, (promise = make()))
  }
  return promise
}

/** Sends now, or once the batch that is being made is complete. @internal */
export function launch(one: Unsent): void {
  if (collecting) collecting.unsent.push(one)
  else one.send()
}

/** Sends a message that is answered like a call. @internal */
export function begin(
  path: string,
  args: readonly unknown[],
  text: string,
  how: CallOptions,
  raw?: Uint8Array,
  head = 'call',
  tail = '',
): Promise<unknown> {
  let tell: (key: string) => void
  let made: Pending | undefined
  const fact = { key: new Promise<string>((resolve) => (tell = resolve)), count: 0 }
  const promise = new Promise((resolve, refuse) => {
    const id = nextId()
    const compose = () => {
      const key = how.write ? (one.key ??= uuid7()) : ''
      if (key) tell(key)
      return `{"t":"${head}","id":${id},"m":${JSON.stringify(path)},"a":${text}${key && `,"k":"${key}"`}${tail}}`
    }
    const count = (n = 0) => (fact.count = n)
    const fresh = { head, argsText: text, text: '', sent: false, due: 0, queuedAt: 0, group: undefined }
    const one: Pending = { ...how, ...fresh, id, path, args, raw, compose, count, resolve, reject: refuse }
    use(part)
    if (ended) return refuse(ended)
    pending.set(id, one)
    made = one
    if (collecting && !raw && head === 'call') {
      one.group = collecting.group
      collecting.group.calls.push(one)
    } else launch({ send: () => submit([one]), drop: (error) => drop(one, error) })
  })
  if (made) made.promise = promise
  facts.set(promise, fact)
  return promise
}

/** How many connections the signals of a call have reached: `await reached(ring(bob))`. 0 means that the user had no connection. */
export async function reached(call: Promise<unknown>): Promise<number> {
  await call
  return facts.get(call)?.count ?? 0
}

/** The key of a call that writes; it resolves when the call is first sent. @internal */
export const keyOfCall = (call: Promise<unknown>): Promise<string> | undefined => facts.get(call)?.key

/** Leaves out undefined arguments at the end. @internal */
export function trim(args: readonly unknown[]): readonly unknown[] {
  let n = args.length
  while (n && args[n - 1] === undefined) n--
  return args.slice(0, n)
}

/** Sends calls, or lets them wait for the connection. */
function submit(calls: Pending[]) {
  if (isReady()) return transmit(calls)
  const { offline } = options
  for (const call of calls) {
    if (offline && offline.queue !== false) {
      call.queuedAt = Date.now()
      const waiting = [...pending.values()].filter((p) => p.queuedAt && !p.sent)
      if (waiting.length > (offline.maxQueue ?? 100)) giveUp(waiting[0]!, 'QUEUE_FULL', 'Too many calls wait for the connection')
    } else arm(call)
  }
}

/** How many milliseconds a call may take. @internal */
export const timeLimit = (how: CallOptions): number => Math.max(options.timeout ?? TIMEOUT, how.timeout ?? 0)

function arm(call: Pending) {
  if (call.due) return
  const limit = timeLimit(call)
  call.due = Date.now() + limit
  call.timer = setTimeout(expire, limit, call)
}

function expire(call: Pending) {
  if (call.sent) giveUp(call, 'TIMEOUT', `${call.path} was not answered in time`)
  else giveUp(call, 'DISCONNECTED', 'The server cannot be reached')
}

function transmit(calls: Pending[]) {
  for (const call of calls) {
    call.text ||= call.compose() // not earlier: the key holds the time of sending, and so do the ids that the call makes
    call.sent = true
    arm(call)
  }
  const group = calls[0]?.group
  if (group) group.rest = []
  calls = calls.filter((call) => fits(call) || !giveUp(call, 'PAYLOAD_TOO_LARGE', tooLarge(call)))
  const first = calls[0]
  if (!first) return
  if (group) transmitGroup(group, calls)
  else if (first.raw) sendBytes(binary(first.text, first.raw))
  else send(first.text)
}

const weight = (text: string) => new TextEncoder().encode(text).length
const tooLarge = (call: Pending) => `The arguments of ${call.path} are larger than the server takes`

/** Whether the server takes a call, as far as is known. What a parameter of bytes may have is known to the server only. */
function fits({ text, raw, bytes }: Pending): boolean {
  const most = bytes === undefined ? limits.message : limits.frame
  const length = raw?.length ?? 0
  return 3 * text.length + length < most || weight(text) + length + 3 <= most
}

/** Sends calls of a batch: as many in one frame as the server takes. */
function transmitGroup(group: Group, calls: Pending[]) {
  const { sequential } = group
  let room = (limits.frame < Infinity ? limits.frame : SURE_FRAME) - 64
  let n = 0
  while (n < calls.length && (room -= weight(calls[n]!.text) + 1) >= 0) n++
  n ||= 1
  send(`{"t":"batch"${sequential ? ',"q":true' : ''},"b":[${calls.slice(0, n).map((c) => c.text)}]}`)
  const rest = (group.rest = calls.slice(n))
  if (rest.length && !sequential) transmitGroup(group, rest)
}

/** A binary frame: a zero, the length of the header, the header, the bytes. */
function binary(header: string, raw: Uint8Array) {
  const text = new TextEncoder().encode(header)
  const frame = new Uint8Array(3 + text.length + raw.length)
  new DataView(frame.buffer).setUint16(1, text.length)
  frame.set(text, 3)
  frame.set(raw, 3 + text.length)
  return frame
}

/** Sends all open calls on a new connection, in the order in which they were made. */
function resend() {
  const { offline } = options
  const groups = new Set<Group>()
  for (const call of [...pending.values()]) {
    if (call.due && call.due < Date.now()) {
      expire(call) // timers do not run while a machine sleeps, and the server may have forgotten the key by now
      continue
    }
    if (call.queuedAt && !call.sent) {
      const late = offline?.maxAge !== undefined && Date.now() - call.queuedAt > offline.maxAge
      let replay = !late
      if (replay && offline?.beforeReplay) safely(() => (replay = offline.beforeReplay!(call) !== false))
      if (!replay) {
        giveUp(call, 'STALE', 'The call waited too long for the connection')
        continue
      }
    }
    if (!call.group) transmit([call])
    else if (!groups.has(call.group)) {
      groups.add(call.group)
      transmit(call.group.calls.filter((c) => pending.has(c.id)))
    }
  }
}

/** Fails the calls that cannot be sent again. */
function lost({ code, error, heard, changed }: Loss) {
  if (code === TOO_BIG) {
    const largest = [...pending.values()].filter((c) => c.sent).sort((a, b) => size(b) - size(a))[0]
    if (largest) giveUp(largest, 'PAYLOAD_TOO_LARGE', tooLarge(largest))
  }
  for (const call of [...pending.values()]) {
    if (error) settle(call.id, () => reject(call, error))
    else if (call.sent && heard && (call.once || (changed && call.write)))
      giveUp(call, 'DISCONNECTED', `The connection was lost before ${call.path} was answered`)
    else if (!heard && call.sent) call.sent = false
  }
}

const size = (call: Pending) => call.text.length + (call.raw?.length ?? 0)

/**
 * Sends the calls that `make` makes in one frame; they run in parallel, or one after the other with `sequential`. The promise resolves with
 * all results, or rejects with the first error; each call settles on its own. A batch of more than 50 calls fails as a whole. If `make`
 * throws, nothing is sent. Calls with bytes, and those that start or end a session, are sent beside the frame.
 */
export function batch<T extends readonly unknown[]>(
  make: () => readonly [...T],
  how: { sequential?: boolean } = {},
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const outer = collecting
  const calls: Pending[] = []
  const unsent: Unsent[] = []
  const failAll = (error: RpcError) => calls.forEach((call) => drop(call, error))
  collecting = { group: { sequential: how.sequential ?? false, calls }, unsent }
  let promises: readonly [...T]
  try {
    promises = make()
  } catch (error) {
    const why = failure('DISCONNECTED', `This was not sent, since its batch failed: ${error}`)
    failAll(why)
    for (const one of unsent) one.drop(why)
    throw error
  } finally {
    collecting = outer
  }
  if (calls.length > MOST_IN_BATCH) failAll(failure('VALIDATION', `A batch has at most ${MOST_IN_BATCH} calls`))
  else if (calls.length) launch({ send: () => submit(calls), drop: failAll })
  for (const one of unsent) launch(one)
  return Promise.all(promises) as never
}
