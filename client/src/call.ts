import type { Codec } from './codec'
import { ended, isReady, type Loss, nextId, type Part, send, sendBytes, use } from './connection'
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
  decode?: Codec
  /** Encodes values among the arguments that JSON does not have. */
  encode?: (name: string, value: unknown) => unknown
  /** The time limit of the rpc itself, in milliseconds. */
  timeout?: number
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
  text: string // of the message; '' until it is first sent
  raw: Uint8Array | undefined
  sent: boolean
  due: number // when it times out, in milliseconds since 1970; 0 until the time runs
  queuedAt: number // when it was queued offline, in milliseconds since 1970; 0 if it was not
  group: Group | undefined
  timer?: ReturnType<typeof setTimeout>
  compose(): string
  count(connections?: number): void
  resolve(value: any): void
  reject(error: RpcError): void
}

/** The calls of one `batch`. */
interface Group {
  sequential: boolean
  calls: Pending[]
}

const TIMEOUT = 30_000
const MOST_IN_BATCH = 50
const TOO_BIG = 1009 // RFC 6455 §7.4.1

/** Calls without an answer. @internal */
export const pending = new Map<number, Pending>()
/** What is known about a call besides its result: its key, and how many connections its signals have reached. */
const facts = new WeakMap<Promise<unknown>, { key: Promise<string>; count: number }>()
const same = new Map<string, Promise<unknown>>() // calls of this turn of the event loop, by path and arguments
let collecting: Group | undefined

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
}

/** Ends a call. Returns false if there is no such call. */
function settle(id: number, how: (call: Pending) => void): boolean {
  const call = pending.get(id)
  if (!call) return false
  pending.delete(id)
  clearTimeout(call.timer)
  how(call)
  return true
}

function reject(call: Pending, error: RpcError) {
  if (call.queuedAt) safely(() => options.offline?.onReplayError?.(call, error))
  call.reject(error)
}

const giveUp = (call: Pending, code: SystemCode, message: string) => settle(call.id, () => reject(call, failure(code, message)))

/** Makes the function that calls an rpc. */
export function rpc<A extends unknown[], R, E extends string = string>(path: string, how: CallOptions = {}): Rpc<A, R, E> {
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
  if (onServer()) return Promise.reject(rendering(path))
  const raw = how.bytes === undefined ? undefined : (args[how.bytes] as Uint8Array | null | undefined)
  const text = JSON.stringify(trim(raw ? args.map((a, i) => (i === how.bytes ? null : a)) : args), how.encode)
  const name = path + text
  const twin = !fresh && !raw && same.get(name)
  if (twin) return twin
  const promise = begin(path, args, text, how, raw ?? undefined)
  if (!raw && !fresh) {
    if (!same.size) queueMicrotask(() => same.clear())
    same.set(name, promise)
  }
  return promise
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
  const fact = { key: new Promise<string>((resolve) => (tell = resolve)), count: 0 }
  const promise = new Promise((resolve, refuse) => {
    const id = nextId()
    const compose = () => {
      const key = how.write ? uuid7() : ''
      if (key) tell(key)
      return `{"t":"${head}","id":${id},"m":${JSON.stringify(path)},"a":${text}${key && `,"k":"${key}"`}${tail}}`
    }
    const count = (n = 0) => (fact.count = n)
    const fresh = { text: '', sent: false, due: 0, queuedAt: 0, group: undefined }
    const one: Pending = { ...how, ...fresh, id, path, args, raw, compose, count, resolve, reject: refuse }
    use(part)
    if (ended) return refuse(ended)
    pending.set(id, one)
    if (collecting && !raw) {
      one.group = collecting
      collecting.calls.push(one)
    } else submit([one])
  })
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

function arm(call: Pending) {
  if (call.due) return
  const limit = Math.max(options.timeout ?? TIMEOUT, call.timeout ?? 0)
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
  const first = calls[0]!
  if (first.group) send(`{"t":"batch"${first.group.sequential ? ',"q":true' : ''},"b":[${calls.map((c) => c.text)}]}`)
  else if (first.raw) sendBytes(binary(first.text, first.raw))
  else send(first.text)
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
    if (largest) giveUp(largest, 'PAYLOAD_TOO_LARGE', `The arguments of ${largest.path} are larger than the server takes`)
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
 * all results, or rejects with the first error; each call settles on its own. A batch of more than 50 calls fails as a whole.
 */
export function batch<T extends readonly unknown[]>(
  make: () => readonly [...T],
  how: { sequential?: boolean } = {},
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const outer = collecting
  const group: Group = (collecting = { sequential: how.sequential ?? false, calls: [] })
  let promises: readonly [...T]
  try {
    promises = make()
  } finally {
    collecting = outer
  }
  if (group.calls.length > MOST_IN_BATCH)
    for (const call of group.calls) giveUp(call, 'VALIDATION', `A batch has at most ${MOST_IN_BATCH} calls`)
  else if (group.calls.length) submit(group.calls)
  return Promise.all(promises) as never
}
