import { keyOfCall, trim } from './call'
import { base64, write } from './codec'
import { person } from './connection'
import type { RpcError } from './error'
import { family } from './family'
import { History } from './history'
import { request } from './http'
import type { MakeMerge, Merge } from './merge'
import { address, onServer, options, rendering } from './options'
import { apply, type Change, changeOf, settle, steps } from './overlay'
import { Source, touch } from './source'
import { again, follow, more, unfollow } from './subscription'
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

/** The events of a stream, if its module does not name others: changes of rows, or of the whole value. */
export type EventsOf<T> = T extends readonly unknown[] ? 'created' | 'updated' | 'deleted' : 'set'

/** What an event carries: a row, or the whole value. */
export type EventData<T, K extends string> = K extends 'set' ? T : T extends readonly unknown[] ? Partial<Entry<T>> : T

/** A row of a list; the value itself if it is not a list. */
export type Entry<T> = T extends readonly (infer R)[] ? R : T

/** What `.load` needs: SvelteKit's `event`, or the same members. */
export interface LoadFrom {
  /**
   * The fetch to use. On a server it is left aside if there is a `request`: the fetch of SvelteKit would send an `Origin`, as pages of another
   * site do.
   */
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
export class LiveStream<T, E extends string = EventsOf<T>> extends Source<StreamValue<T>> {
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
  #loading: Promise<boolean> | undefined // of the next page
  #answer: ((grown: boolean | Promise<never>) => void) | undefined // ends #loading
  #grown: boolean | RpcError | undefined // what #loading ends with, once readers have the rows
  #history: History | undefined
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
    this.argsText = write(trim(args), base64)
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

  /**
   * Reads the value once, over HTTP, for the first rendering. Guards run as they do for a subscription. It is undefined if the gate is closed.
   */
  async load(from: LoadFrom = {}): Promise<T | undefined> {
    const path = `/_live/stream/${this.path}?args=${encodeURIComponent(this.argsText)}`
    const sent = onServer() ? from.request?.headers : undefined
    const cookie = onServer() ? (from.cookie ?? sent?.get('cookie')) : undefined
    const bearer = from.token ?? /^bearer +(\S+)$/i.exec(sent?.get('authorization') ?? '')?.[1]
    const relative = !!from.fetch && !from.request && !from.cookie
    const init: RequestInit = { credentials: 'include', headers: cookie ? { cookie } : {} }
    const fetcher = sent ? options.fetch : from.fetch
    return (await request(address(path, { relative }), init, { decode: this.#merge.decode }, fetcher, bearer)) as T | undefined
  }

  /**
   * Shows a value from `.load` until the live value arrives; undefined means that the gate is closed. On a server it returns another object,
   * so that requests share nothing: use the result.
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
    const { decode, view } = this.#merge
    if (value === undefined || (value === null && Array.isArray(view()))) {
      if (!this.watched) this.#status = 'off'
      return
    }
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

  /**
   * Loads the next page. It resolves with true when readers have its rows; with false if this call has loaded none: there is no further page,
   * or another call is loading it, which it waits for. It rejects if a limit of the server refuses the page; what is loaded stays, and live.
   */
  loadMore(): Promise<boolean> {
    if (this.#loading) return this.#loading.then(() => false)
    if (!this.#more || this.#status !== 'live') return Promise.resolve(false)
    this.#loading = new Promise((resolve) => (this.#answer = resolve))
    this.#pages++
    this.#got++
    more(this)
    return this.#loading
  }

  /** Subscribes again after an error. A stream without an error stays as it is. */
  retry(): void {
    if (!this.#error || !this.watched) return
    this.#error = undefined
    this.outdated()
    again(this)
  }

  /**
   * Shows a change before the server has made it. It lasts until the server sends the same row, or until the returned function is called,
   * which undoes only this change. `until` is the call that makes the change: if the call fails, the change is undone; if it returns a row,
   * the change shows that row.
   */
  optimistic<K extends E | 'set'>(event: K, data: EventData<T, K>, until?: Promise<unknown>): () => void {
    const change = changeOf(this.#merge, event, data, !!until)
    const undo = () => {
      const left = this.#changes.filter((c) => c !== change)
      if (left.length === this.#changes.length) return
      this.#history?.forget(change, this.#merge)
      this.#put(left)
    }
    this.#put([...this.#changes, change])
    void (until && keyOfCall(until))?.then((sent) => (change.predicted = firstId(sent)))
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
    this.#history ??= new History(max)
    this.#history.max = max
    this.#record()
    return this
  }

  /** Keeps no values until `resume`: the changes in between become one step of `undo`, as for a row that is dragged. */
  pause(): void {
    if (this.#history) this.#history.paused = true
  }

  /** Ends `pause`. */
  resume(): void {
    if (this.#history) this.#history.paused = false
    this.#record()
    touch(this)
  }

  #record() {
    const view = this.#value()
    if (view === undefined || !this.watched || !this.#history || this.#history.paused) return
    this.#history.record({ view, base: this.#merge.view(), changes: this.#changes })
  }

  get canUndo(): boolean {
    this.track()
    return !!this.#history && this.#history.at > 0
  }

  get canRedo(): boolean {
    this.track()
    return !!this.#history && this.#history.at < this.#history.steps.length - 1
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
    if (!h || !this.#there) return
    h.paused = false
    if (!this.#stepped) this.#record() // what has changed since the last notification, or since `pause`
    const target = h.steps[h.at + by]?.view
    if (target === undefined) return
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
      this.#history?.clear()
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
    this.#arrived(false)
  }

  /** Ends the loading of a page, once readers have been notified. */
  #arrived(grown: boolean | RpcError) {
    if (this.#loading) this.#grown ??= grown
    touch(this)
  }

  /** @internal */
  override snapshot(): StreamValue<T> {
    return (this.#error && !this.#there ? this.#failure : this.#value()) as StreamValue<T>
  }

  /** @internal */
  override begin() {
    this.#status = this.#there ? 'stale' : 'loading'
    this.#error = undefined
    this.#got = 0
    this.listed?.(true)
    follow(this)
  }

  /** @internal */
  override end() {
    unfollow(this)
    this.#status = 'idle'
    this.#history?.clear()
    this.#arrived(false)
    this.listed?.(false)
  }

  /** @internal */
  override notify() {
    if (!this.#stepped) this.#record()
    this.#stepped = false
    super.notify()
    if (this.#grown === undefined) return
    this.#answer!(typeof this.#grown === 'boolean' ? this.#grown : Promise.reject(this.#grown))
    this.#grown = this.#loading = undefined
  }

  /** @internal */
  loaded(value: unknown, further: boolean, refused?: RpcError) {
    this.#got ||= 1
    if (refused) this.#got = Math.max(1, this.#got - 1)
    else if (further && this.#got < this.#pages && this.#there) {
      this.#got++
      return more(this) // until there are as many pages as before
    }
    this.#pages = this.#got
    const { decode, view } = this.#merge
    const before = this.#there ? (view() as unknown[])?.length : Infinity
    this.#take(decode ? decode(value) : value)
    this.#more = further
    this.#status = 'live'
    this.#arrived(refused ?? (further || (view() as unknown[])?.length > before))
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
  event(kind: string, data: unknown, further = this.#more) {
    try {
      const touched = this.#merge.apply(kind, data)
      this.#changes = this.#changes.length ? settle(this.#changes, touched ?? undefined, this.#merge) : this.#changes
    } catch {
      return false
    }
    this.#more = further
    this.#change()
    return true
  }

  /** @internal */
  outdated() {
    this.#got = 0
    this.#status = this.#there ? 'stale' : 'loading'
    this.#arrived(false)
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
export const stream = <T, E extends string = EventsOf<T>>(path: string, make: MakeMerge): LiveStream<T, E> =>
  new LiveStream<T, E>(path, [], make)

/** A stream with parameters: the same arguments give the same object as long as it has a reader. */
export const streams = <A extends unknown[], T, E extends string = EventsOf<T>>(
  path: string,
  make: MakeMerge,
): ((...args: A) => LiveStream<T, E>) => family((args: A, listed) => new LiveStream<T, E>(path, args, make, listed))
