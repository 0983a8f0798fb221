import { keyOfCall, trim } from './call'
import { base64 } from './codec'
import { person } from './connection'
import type { RpcError } from './error'
import { family } from './family'
import { request } from './http'
import type { MakeMerge, Merge } from './merge'
import { address, onServer, rendering } from './options'
import { apply, type Change, changeOf, settle, steps } from './overlay'
import { Source, touch } from './source'
import { follow, more, unfollow } from './subscription'
import type { Readable } from './track'
import { firstId } from './uuid'
import { Conditional } from './when'

/**
 * The state of a stream. `idle`: it has no reader. `loading`: it waits for its first value. `live`: its value is up to date. `stale`: its
 * value may be old, and it waits for the new one. `off`: its gate is closed. `error`: see `.error`.
 */
export type Status = 'idle' | 'loading' | 'live' | 'stale' | 'off' | 'error'

/**
 * What stores show of a stream: nothing while it loads, its value, or an error. For a list the error comes as an empty list with the
 * property `error`.
 */
export type StreamValue<T> = undefined | Shown<T>
type Shown<T> = T extends readonly unknown[]
  ? T & { error?: RpcError }
  : (T extends null | undefined ? T : T & { error?: undefined }) | { error: RpcError }

/** A row of a list; the value itself if it is not a list. */
export type Entry<T> = T extends readonly (infer R)[] ? R : T

/** What `.load` needs: SvelteKit's `event`, or the same members. */
export interface LoadFrom {
  fetch?: typeof fetch
  /** The request that is being answered. Its cookies and its token identify the reader. */
  request?: { headers: { get(name: string): string | null } }
  /** The cookies of the reader, instead of those of `request`. */
  cookie?: string
  /** The token of the reader, instead of that of `request` and of what `configure({ token })` gives. */
  token?: string | null
}

const GRACE = 2000 // milliseconds in which the event of a confirmed call should arrive

/** A stream of the app with its value, for stores, runes and plain code. All its readers share one subscription. */
export class LiveStream<T> extends Source<StreamValue<T>> {
  /** @internal */
  readonly argsText: string
  #merge: Merge
  #make: MakeMerge
  #has = false
  #person = 0 // the user that the value was sent to
  #status: Status = 'idle'
  #error: RpcError | undefined
  #failure: unknown // what stores show instead of a value
  #changes: Change[] = []
  #view: T | undefined // the value with changes on top
  #viewed = false
  #more = false
  #pages = 1 // how many the reader wants
  #got = 0 // how many this subscription has
  #waiting: ((ok: boolean) => void)[] = []
  #history: { views: T[]; at: number; max: number } | undefined
  #stepped = false

  /** @internal */
  constructor(
    /** `module/name`, as on the wire. */
    readonly path: string,
    /** @internal */
    readonly args: readonly unknown[],
    make: MakeMerge,
    /** @internal */
    readonly listed?: (there: boolean) => void,
  ) {
    super()
    this.argsText = JSON.stringify(trim(args), base64)
    this.#make = make
    this.#merge = make()
  }

  /**
   * The value; undefined while there is none. Reactive in Svelte 5. Outside of a reactive context it is the last known value, and reading
   * it does not subscribe.
   */
  get current(): T | undefined {
    this.track()
    return this.#value()
  }

  /** Reactive in Svelte 5. */
  get status(): Status {
    this.track()
    return this.#status
  }

  /** Why there is no value, or why it may be old. Reactive in Svelte 5. */
  get error(): RpcError | undefined {
    this.track()
    return this.#error
  }

  /** Whether there are further pages to load. Reactive in Svelte 5. */
  get hasMore(): boolean {
    this.track()
    return this.#more
  }

  /** Resolves with the first value, or rejects with the error. It subscribes until then. */
  get ready(): Promise<T> {
    if (this.#there) return Promise.resolve(this.#value()!)
    if (onServer()) return Promise.reject(rendering(this.path))
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#there) resolve(this.#value()!)
        else if (this.#error) reject(this.#error)
        else return
        queueMicrotask(() => stop())
      }
      const stop = this.listen(look)
      look()
    })
  }

  /** Reads the value once, over HTTP, for the first rendering. Guards run as they do for a subscription. */
  async load(from: LoadFrom = {}): Promise<T> {
    const path = `/_live/stream/${this.path}?args=${encodeURIComponent(this.argsText)}`
    const sent = onServer() ? from.request?.headers : undefined
    const cookie = onServer() ? (from.cookie ?? sent?.get('cookie')) : undefined
    const bearer = from.token ?? /^bearer +(\S+)$/i.exec(sent?.get('authorization') ?? '')?.[1]
    const relative = !!from.fetch && !from.request && !from.cookie
    const init: RequestInit = { credentials: 'include', headers: cookie ? { cookie } : {} }
    return (await request(address(path, { relative }), init, this.#merge.decode, from.fetch, bearer)) as T
  }

  /**
   * Shows a value from `.load` until the live value arrives. On a server it returns another object, so that requests share nothing: use the
   * result.
   */
  hydrate(value: T | undefined): this {
    if (onServer()) {
      const copy = new (this.constructor as new (...args: unknown[]) => this)(this.path, this.args, this.#make)
      copy.#seed(value)
      return copy
    }
    if (!this.#there) this.#seed(value)
    return this
  }

  #seed(value: T | undefined) {
    if (value === undefined) return
    const { decode } = this.#merge
    this.#take(decode ? decode(structuredClone(value)) : value)
    this.#status = 'stale'
  }

  /**
   * The stream while a condition holds: a boolean, a store, or a function that runs again when what it reads changes (in Svelte 5). While
   * the condition does not hold there is no subscription.
   */
  when(condition: boolean | Readable<unknown> | (() => unknown)): Conditional<T> {
    return new Conditional(this, condition)
  }

  /** Loads the next page. Resolves with false if there was none. */
  loadMore(): Promise<boolean> {
    if (!this.#more || this.#status !== 'live') return Promise.resolve(false)
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) > 1) return
      this.#pages++
      this.#got++
      more(this)
    })
  }

  /**
   * Shows a change before the server has made it. It lasts until the server sends the same row, or until the returned function is called,
   * which undoes only this change. `until` is the call that makes the change: if the call fails, the change is undone; if it returns a row,
   * the change shows that row.
   */
  optimistic(event: string, data: T extends readonly unknown[] ? Partial<Entry<T>> | T : T, until?: Promise<unknown>): () => void {
    const change = changeOf(this.#merge, event, data, !!until)
    const undo = () => {
      const left = this.#changes.filter((c) => c !== change)
      if (left.length < this.#changes.length) this.#put(left)
    }
    this.#put([...this.#changes, change])
    void (until && keyOfCall(until))?.then(firstId).then((id) => (change.predicted = id))
    until?.then((result) => {
      change.held = false
      const { key } = this.#merge
      const real = change.kind === 'put' && key && result && typeof result === 'object' ? key(result) : undefined
      if (real !== undefined) {
        change.key = real
        change.data = result
        if ((this.#merge.view() as unknown[]).some((row) => key!(row) === real)) return undo()
        this.#put(this.#changes)
      }
      setTimeout(undo, GRACE)
    }, undo)
    return undo
  }

  /** Keeps the last `max` values, for `undo` and `redo`. */
  enableHistory(max = 50): this {
    this.#history ??= { views: this.#there ? [this.#value()!] : [], at: 0, max }
    this.#history.max = max
    return this
  }

  get canUndo(): boolean {
    this.track()
    return !!this.#history && this.#history.at > 0
  }

  get canRedo(): boolean {
    this.track()
    return !!this.#history && this.#history.at < this.#history.views.length - 1
  }

  /** Shows the value before the last change. What the server later sends for a row wins. */
  undo(): void {
    this.#step(-1)
  }

  /** Shows again the value that `undo` has replaced. */
  redo(): void {
    this.#step(1)
  }

  #step(by: number) {
    const h = this.#history
    const target = h?.views[h.at + by]
    if (!h || target === undefined || !this.#there) return
    h.at += by
    const rest = this.#changes.filter((c) => !c.step)
    this.#put([...rest, ...steps(apply(this.#merge.view(), rest, this.#merge), target, this.#merge)])
    this.#stepped = true
  }

  /** @internal */
  get events(): readonly [put: string, remove?: string] {
    return this.#merge.events
  }

  #put(changes: Change[]) {
    this.#changes = changes
    this.#change()
  }

  #change() {
    this.#viewed = this.#stepped = false
    touch(this)
  }

  #value(): T | undefined {
    if (!this.#there) return undefined
    if (!this.#viewed) {
      const base = this.#merge.view()
      this.#view = this.#changes.length ? apply(base, this.#changes, this.#merge) : base
      this.#viewed = true
    }
    return this.#view
  }

  /** Whether there is a value, sent to the present user. */
  get #there(): boolean {
    if (this.#has && this.#person !== person) {
      this.#drop()
      this.#viewed = false
      if (this.#history) this.#history.views.length = this.#history.at = 0
    }
    return this.#has
  }

  #take(value: unknown) {
    this.#merge.load(value)
    this.#has = true
    this.#person = person
    this.#error = undefined
    this.#changes = settle(this.#changes, undefined, this.#merge)
    this.#viewed = false
  }

  #drop() {
    this.#has = this.#more = false
    this.#changes = []
    this.#pages = 1
    this.#answer(false)
  }

  #answer(ok: boolean) {
    for (const resolve of this.#waiting.splice(0)) resolve(ok)
  }

  /** @internal */
  override snapshot(): StreamValue<T> {
    return (this.#error && !this.#there ? this.#failure : this.#value()) as StreamValue<T>
  }

  /** @internal */
  override begin() {
    this.#status = this.#there ? 'stale' : 'loading'
    this.#got = 0
    this.listed?.(true)
    follow(this)
  }

  /** @internal */
  override end() {
    unfollow(this)
    this.#status = 'idle'
    this.#answer(false)
    this.listed?.(false)
  }

  /** @internal */
  override notify() {
    const h = this.#history
    const value = this.#value()
    if (h && value !== undefined && !this.#stepped && h.views[h.at] !== value) {
      h.views.splice(h.at + 1, Infinity, value)
      if (h.views.length > h.max + 1) h.views.shift()
      h.at = h.views.length - 1
    }
    this.#stepped = false
    super.notify()
  }

  /** @internal */
  loaded(value: unknown, further: boolean) {
    this.#got ||= 1
    if (further && this.#got < this.#pages && this.#there) {
      this.#got++
      return more(this) // until there are as many pages as before
    }
    this.#pages = this.#got
    const { decode } = this.#merge
    this.#take(decode ? decode(value) : value)
    this.#more = further
    this.#status = 'live'
    this.#answer(true)
    this.#change()
  }

  /** @internal */
  confirmed() {
    this.#got = this.#pages
    this.#status = 'live'
    this.#error = undefined
    this.#change()
  }

  /** @internal */
  event(kind: string, data: unknown) {
    try {
      const touched = this.#merge.apply(kind, data)
      this.#changes = this.#changes.length ? settle(this.#changes, touched ?? undefined, this.#merge) : this.#changes
    } catch {
      return false
    }
    this.#change()
    return true
  }

  /** @internal */
  outdated() {
    this.#got = 0
    this.#status = this.#there ? 'stale' : 'loading'
    this.#answer(false)
    this.#change()
  }

  /** @internal */
  gated() {
    this.#drop()
    this.#error = undefined
    this.#status = 'off'
    this.#change()
  }

  /** @internal */
  failed(error: RpcError, passing: boolean) {
    if (!passing) this.#drop()
    this.#error = error
    this.#failure = Object.assign(Array.isArray(this.#merge.view()) ? [] : {}, { error })
    this.#status = this.#there ? 'stale' : 'error'
    this.#change()
  }
}

/** A stream without parameters. */
export const stream = <T>(path: string, make: MakeMerge): LiveStream<T> => new LiveStream<T>(path, [], make)

/** A stream with parameters: the same arguments give the same object as long as it has a reader. */
export const streams = <A extends unknown[], T>(path: string, make: MakeMerge): ((...args: A) => LiveStream<T>) =>
  family((args: A, listed) => new LiveStream<T>(path, args, make, listed))
