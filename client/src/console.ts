// What the console (runtime/console) uses of the client. The build bundles it into runtime/console/page/client.js.

import { call as callRpc } from './call'
import { LiveChannel } from './channel'
import { use } from './connection'
import type { RpcError } from './error'
import { request, sessionRpc } from './http'
import { crud, cursor, diff, latest, type MakeMerge, type Merge, presence, set } from './merge'
import { address, configure } from './options'
import { byId, type Follower, follow, open, unfollow } from './subscription'
import { uuid7 } from './uuid'

export { connection } from './connection'
export { setHash } from './console.contract'
export { signal } from './signal'

/** Opens the connection now. Otherwise the first call or subscription opens it. */
export function connect(): void {
  configure({ url: new URL('..', location.href).pathname }) // the app is served where its console is
  configure({ timeout: 40_000 }) // the server's own limit is 30 s, unless an entry point declares more
  use({ on: {} })
}

/** Calls an rpc. */
export const call = (path: string, args: unknown[]): Promise<unknown> => callRpc(path, args, { write: true })

/** Calls an rpc that starts or ends a session. */
export const callForSession = (path: string, args: unknown[]): Promise<unknown> => sessionRpc(path)(...args)

/** Calls an rpc over HTTP, where bytes among the arguments are base64. */
export function post(path: string, args: unknown[]): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': uuid7() }
  return request(address('/_live/rpc/' + path), { method: 'POST', headers, body: JSON.stringify(args) }, {})
}

/** Publishes an event of a merge into a channel, or into a part of a room. */
export const publish = (path: string, args: unknown[], event: string, value: unknown): Promise<void> =>
  new LiveChannel<unknown, unknown, string>(path, args, set()).publish(value, event)

const MAX = 50 // rows of `latest` if the contract has no number

/** The merge that a contract names, such as `latest 100` or `crud key (a, b) prepend`. Live queries have none: they get diffs. */
export function mergeOf(text = ''): MakeMerge {
  const words = text.match(/[^\s(),]+/g) ?? []
  const prepend = words.at(-1) === 'prepend' && words.length > 1
  if (prepend) words.pop()
  const [kind, ...rest] = words
  switch (kind) {
    case undefined:
      return diff()
    case 'set':
      return set()
    case 'crud':
      return crud(rest[0] === 'key' ? rest.slice(1) : ['id'], { prepend })
    case 'latest':
      return latest(rest[0] === undefined ? MAX : Number(rest[0]), { prepend })
    case 'presence':
      return presence()
    case 'cursor':
      return cursor()
  }
  throw new Error(`the merge ${kind} is not known`)
}

/** Something that has changed what a watch shows. */
export interface WatchEvent {
  /** `snap`, the name of an event of the merge, or the name of the new state. */
  kind: string
  /** The offset in the topic; undefined if it is not an event of the topic. */
  offset?: number | undefined
  data?: unknown
}

export type WatchState = 'waiting' | 'live' | 'stale' | 'off' | 'refused' | 'error' | 'ended'

/** A subscription to one stream, which reports each event. */
export class Watch implements Follower {
  readonly argsText: string
  state: WatchState = 'waiting'
  /** Undefined until there is data. */
  value: unknown
  error: RpcError | undefined
  #merge: Merge
  #changed: (event?: WatchEvent) => void

  /** Subscribes. `changed` is called after each change. */
  constructor(
    readonly path: string,
    args: unknown[],
    make: MakeMerge,
    changed: (event?: WatchEvent) => void,
  ) {
    this.argsText = JSON.stringify(args)
    this.#merge = make()
    this.#changed = changed
    follow(this)
  }

  /** The number of its topic, and the offset of the last event. */
  get position(): { topic: number; offset: number } | undefined {
    const s = open.get(this)
    return s?.topic === undefined ? undefined : { topic: s.topic, offset: s.offset }
  }

  stop(): void {
    unfollow(this)
  }

  loaded(value: unknown): void {
    this.#merge.load(value)
    this.value = this.#merge.view()
    this.#enter('live', { kind: 'snap', data: value })
  }

  confirmed(): void {
    this.#enter('live')
  }

  event(kind: string, data: unknown): boolean {
    try {
      this.#merge.apply(kind, data)
    } catch {
      return false
    }
    this.value = this.#merge.view()
    this.#enter('live', { kind, data })
    return true
  }

  outdated(): void {
    if (this.state === 'live') this.#enter('stale', { kind: 'stale' })
  }

  gated(): void {
    this.value = undefined
    this.#enter('off', { kind: 'off' })
  }

  failed(error: RpcError): void {
    const refused = byId.has(open.get(this)?.id ?? 0) // the server keeps the subscription, and opens it itself later
    const state = refused ? 'refused' : this.value === undefined ? 'error' : 'ended'
    if (refused) this.value = undefined
    this.#enter(state, { kind: state, data: { code: error.code, message: error.message } }, error)
  }

  #enter(state: WatchState, event?: WatchEvent, error?: RpcError) {
    this.state = state
    this.error = error
    this.#changed(event && { ...event, offset: event.data === undefined ? undefined : this.position?.offset })
  }
}
