import { ended, isReady, type Loss, nextId, type Part, send, use } from './connection'
import { type Failure, RpcError } from './error'

/** One that follows a stream. @internal */
export interface Follower {
  readonly path: string
  readonly argsText: string
  /** A whole value. */
  took(value: unknown, more: boolean): void
  /** What it holds is right. */
  confirmed(): void
  /** An event; false where it does not fit. */
  event(kind: string, data: unknown): boolean
  /** The connection or its place in the events is lost; what it holds is old. */
  lapsed(): void
  /** A gate is closed. */
  silenced(): void
  failed(error: RpcError, passing: boolean): void
}

/** @internal */
export interface Subscription {
  follower: Follower
  id: number
  topic: number | undefined
  epoch: string
  seq: number // of the last event in what is held; -1: a snapshot is awaited
  tries: number
  retry: ReturnType<typeof setTimeout> | undefined
}

// The server may take these back by itself.
const PASSING = /* @__PURE__ */ new Set(['UNAVAILABLE', 'RATE_LIMITED', 'TIMEOUT'])

/** What is followed. @internal */
export const open = new Map<Follower, Subscription>()
/** Subscriptions by the id of the message that made them; those that the server has ended are not here. @internal */
export const byId = new Map<number, Subscription>()
const topics = new Map<number, Set<Subscription>>()
const places = new WeakMap<Follower, { epoch: string; seq: number; session: number }>() // of those that are not followed at present
let session = 0 // places of another one mean nothing

interface Place {
  id: number
  c: number
  e: string
  s: number
}

interface Refusal extends Failure {
  id: number
  wait?: boolean // it opens by itself once it may: the server keeps it
}

const part: Part = {
  on: {
    snap: (m: Place & { v: unknown; more?: boolean }) => placed(m, (s) => s.follower.took(m.v, m.more ?? false)),
    live: (m: Place) => placed(m, (s) => s.follower.confirmed()),
    ev(m: { c: number; f?: number; s: number; k: string; v: unknown }) {
      for (const s of topics.get(m.c) ?? []) {
        if (s.seq < 0 || m.s <= s.seq) continue
        if ((m.f ?? m.s - 1) <= s.seq && ((s.seq = m.s), s.follower.event(m.k, m.v))) continue
        renew(s)
      }
    },
    off: (m: { id: number }) => found(m.id, (s) => (leave(s), s.follower.silenced())),
    end: (m: Refusal) => found(m.id, (s) => fail(s, m)),
    err: (m: Refusal) => found(m.id, (s) => fail(s, m)),
    resync(m: { c: number }) {
      for (const s of topics.get(m.c) ?? []) {
        s.seq = -1
        s.follower.lapsed()
      }
    },
  },
  opened() {
    for (const s of open.values()) begin(s)
  },
  turned() {
    for (const s of open.values()) s.follower.lapsed()
  },
  lost({ error, changed }: Loss) {
    topics.clear()
    byId.clear()
    if (changed) session++
    for (const s of open.values()) {
      clearTimeout(s.retry)
      s.topic = undefined
      if (changed) s.epoch = ''
      if (error) s.follower.failed(error, true)
      else s.follower.lapsed()
    }
  },
}

function found(id: number, then: (s: Subscription) => void): boolean {
  const s = byId.get(id)
  if (s) then(s)
  return !!s
}

function placed(m: Place, then: (s: Subscription) => void) {
  found(m.id, (s) => {
    if (s.topic !== m.c) {
      leave(s)
      s.topic = m.c
      const all = topics.get(m.c)
      if (all) all.add(s)
      else topics.set(m.c, new Set([s]))
    }
    s.epoch = m.e
    s.seq = m.s
    s.tries = 0
    then(s)
  })
}

/** Forgets the topic of a subscription. */
function leave(s: Subscription) {
  const all = s.topic !== undefined && topics.get(s.topic)
  if (all && all.delete(s) && !all.size) topics.delete(s.topic!)
  s.topic = undefined
  s.seq = -1
}

/** Subscribes on the present connection. */
function begin(s: Subscription) {
  s.id = nextId()
  byId.set(s.id, s)
  const at = s.epoch && s.seq >= 0 ? `,"at":{"e":${JSON.stringify(s.epoch)},"s":${s.seq}}` : ''
  send(`{"t":"sub","id":${s.id},"m":${JSON.stringify(s.follower.path)},"a":${s.follower.argsText}${at}}`)
}

function stop(s: Subscription) {
  clearTimeout(s.retry)
  leave(s)
  if (byId.delete(s.id)) send(`{"t":"unsub","id":${s.id}}`)
}

/** Asks for the whole value: an event is missing, or did not fit. */
function renew(s: Subscription) {
  stop(s)
  s.follower.lapsed()
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

/** Follows a stream from now on. @internal */
export function follow(follower: Follower): void {
  const place = places.get(follower)
  const s: Subscription = { follower, id: 0, topic: undefined, epoch: '', seq: -1, tries: 0, retry: undefined, ...(place?.session === session ? place : undefined) }
  open.set(follower, s)
  use(part)
  if (ended) follower.failed(ended, true)
  else if (isReady()) begin(s)
}

/** Follows it no longer. What it holds may still be of use: its place is kept. @internal */
export function unfollow(follower: Follower): void {
  const s = open.get(follower)
  if (!s) return
  open.delete(follower)
  places.set(follower, { epoch: s.epoch, seq: s.seq, session })
  stop(s)
}

/** Asks for the next page. @internal */
export function more(follower: Follower): void {
  const s = open.get(follower)
  if (s && s.topic !== undefined) send(`{"t":"more","id":${s.id}}`)
}
