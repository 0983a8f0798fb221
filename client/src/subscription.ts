import { ended, isReady, type Loss, nextId, type Part, reconnect, send, use } from './connection'
import { type Failure, RpcError } from './error'

/** A reader of a stream. It gets what the server sends for it. @internal */
export interface Follower {
  readonly path: string
  readonly argsText: string
  /** The names of its events: of a live query it is `diff`. */
  readonly events?: readonly unknown[]
  /** The whole value. `refused`: why the further page that was requested is not in it. */
  loaded(value: unknown, more: boolean, refused?: RpcError): void
  /** The value that it has is up to date. */
  confirmed(): void
  /** An event. `more`: whether there are further pages now, if that has changed. Returns false if it cannot be applied. */
  event(kind: string, data: unknown, more?: boolean): boolean
  /** The connection is lost, or events are missing: the value may be old. */
  outdated(): void
  /** The gate is closed. */
  gated(): void
  failed(error: RpcError, passing: boolean): void
}

/** @internal */
export interface Subscription {
  follower: Follower
  id: number
  topic?: number | undefined
  epoch: string
  offset: number // of the last event that the follower has; -1: it waits for a snapshot
  tries: number
  retry?: ReturnType<typeof setTimeout>
}

// Codes after which another attempt may succeed.
const PASSING = /* @__PURE__ */ new Set(['UNAVAILABLE', 'OVERLOADED', 'RATE_LIMITED', 'TIMEOUT'])

/** The subscriptions. @internal */
export const open = new Map<Follower, Subscription>()
/** Subscriptions by the id of the message that made them; those that the server has ended are not here. @internal */
export const byId = new Map<number, Subscription>()
const topics = new Map<number, Set<Subscription>>()
const resumes = new WeakMap<Follower, { epoch: string; offset: number; caller: number }>() // of streams without a subscription
let caller = 0 // counts the changes of the caller: offsets of another caller must not be used

interface Position {
  id: number
  c: number
  e: string
  s: number
}

interface Refusal extends Failure {
  id: number
  wait?: boolean // the server keeps the subscription, and opens it once the caller has the right
}

const refuse = (m: Refusal) => found(m.id, (s) => fail(s, m))

const part: Part = {
  on: {
    snap: (m: Position & { v: unknown; more?: boolean; refused?: Failure }) =>
      placed(m, (s) => s.follower.loaded(m.v, m.more ?? false, m.refused && new RpcError(m.refused))),
    live: (m: Position) => placed(m, (s) => s.follower.confirmed()),
    ev(m: { c: number; f?: number; s: number; k: string; v: unknown; more?: boolean }) {
      for (const s of topics.get(m.c) ?? []) {
        if (s.offset < 0 || m.s <= s.offset) continue
        if ((m.f ?? m.s - 1) <= s.offset && ((s.offset = m.s), s.follower.event(m.k, m.v, m.more))) continue
        renew(s)
      }
    },
    off: (m: { id: number }) => found(m.id, (s) => (leave(s), s.follower.gated())),
    end: refuse,
    err: refuse,
    resync(m: { c: number }) {
      for (const s of topics.get(m.c) ?? []) {
        s.offset = -1
        s.follower.outdated()
      }
    },
  },
  opened() {
    for (const s of open.values()) begin(s)
  },
  turned() {
    for (const s of open.values()) s.follower.outdated()
  },
  lost({ error, changed }: Loss) {
    topics.clear()
    byId.clear()
    if (changed) caller++
    for (const s of open.values()) {
      clearTimeout(s.retry)
      s.topic = undefined
      if (changed) s.epoch = ''
      if (error) s.follower.failed(error, true)
      else s.follower.outdated()
    }
  },
}

function found(id: number, then: (s: Subscription) => void): boolean {
  const s = byId.get(id)
  if (s) then(s)
  return !!s
}

function placed(m: Position, then: (s: Subscription) => void) {
  found(m.id, (s) => {
    if (s.topic !== m.c) {
      leave(s)
      s.topic = m.c
      const all = topics.get(m.c)
      if (all) all.add(s)
      else topics.set(m.c, new Set([s]))
    }
    s.epoch = m.e
    s.offset = m.s
    s.tries = 0
    then(s)
  })
}

/** Detaches a subscription from its topic. */
function leave(s: Subscription) {
  const all = s.topic !== undefined && topics.get(s.topic)
  if (all && all.delete(s) && !all.size) topics.delete(s.topic!)
  s.topic = undefined
  s.offset = -1
}

/** Subscribes on this connection. */
function begin(s: Subscription) {
  s.id = nextId()
  byId.set(s.id, s)
  const at = s.epoch && s.offset >= 0 ? `,"at":{"e":${JSON.stringify(s.epoch)},"s":${s.offset}}` : ''
  send(`{"t":"sub","id":${s.id},"m":${JSON.stringify(s.follower.path)},"a":${s.follower.argsText}${at}}`)
}

function stop(s: Subscription) {
  clearTimeout(s.retry)
  leave(s)
  if (byId.delete(s.id)) send(`{"t":"unsub","id":${s.id}}`)
}

/** Requests the whole value: an event is missing, or could not be applied. */
function renew(s: Subscription) {
  stop(s)
  s.follower.outdated()
  begin(s)
}

function fail(s: Subscription, m: Refusal) {
  leave(s)
  if (!m.wait) byId.delete(s.id)
  const passing = !m.wait && PASSING.has(m.code)
  if (passing) {
    const wait = m.retryAfter ? m.retryAfter * 1000 : Math.min(30_000, 1000 * 2 ** s.tries++)
    s.retry = setTimeout(() => isReady() && begin(s), wait * (1 + Math.random() / 4))
  } else s.epoch = ''
  s.follower.failed(new RpcError(m), passing)
}

/** Subscribes to a stream. @internal */
export function follow(follower: Follower): void {
  const resume = resumes.get(follower)
  const s: Subscription = {
    follower,
    id: 0,
    epoch: '',
    offset: -1,
    tries: 0,
    ...(resume?.caller === caller ? resume : undefined),
  }
  open.set(follower, s)
  use(part)
  if (ended) follower.failed(ended, true)
  else if (isReady()) begin(s)
}

/**
 * Ends the subscription to a stream. Of a live query the offset is kept, so that a later one can resume from the value it has. The body of
 * another stream may then give what no event has said.
 * @internal
 */
export function unfollow(follower: Follower): void {
  const s = open.get(follower)
  if (!s) return
  open.delete(follower)
  if (follower.events?.[0] === 'diff') resumes.set(follower, { epoch: s.epoch, offset: s.offset, caller })
  stop(s)
}

/** Subscribes again to a stream that has failed. @internal */
export function again(follower: Follower): void {
  const s = open.get(follower)
  if (!s) return
  if (ended) return reconnect()
  if (!isReady()) return
  stop(s)
  begin(s)
}

/** Requests the next page. @internal */
export function more(follower: Follower): void {
  const s = open.get(follower)
  if (s && s.topic !== undefined) send(`{"t":"more","id":${s.id}}`)
}
