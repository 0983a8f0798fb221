import type { RpcError } from './error'
import { Source, touch } from './source'
import type { LiveStream, Status, StreamValue } from './stream'
import { type Readable, toStore } from './track'

/** A stream that is read only while a condition holds. */
export class Conditional<T> extends Source<StreamValue<T>> {
  #stream: LiveStream<T>
  #condition: boolean | Readable<unknown> | (() => unknown)
  #store: Readable<unknown> | undefined
  #on = false
  #stop: (() => void)[] = []
  #leave: (() => void) | undefined

  /** @internal */
  constructor(stream: LiveStream<T>, condition: boolean | Readable<unknown> | (() => unknown)) {
    super()
    this.#stream = stream
    this.#condition = condition
    if (typeof condition === 'boolean') this.#on = condition
    else this.#store = typeof condition !== 'function' ? condition : undefined
  }

  /** Reactive in Svelte 5. */
  get current(): T | undefined {
    return this.#holds() ? this.#stream.current : undefined
  }

  /** Reactive in Svelte 5. */
  get status(): Status {
    return this.#holds() ? this.#stream.status : 'off'
  }

  /** Reactive in Svelte 5. */
  get error(): RpcError | undefined {
    return this.#holds() ? this.#stream.error : undefined
  }

  /** Subscribes again after an error. */
  retry(): void {
    this.#stream.retry()
  }

  #holds(): boolean {
    const condition = this.#condition
    if (typeof condition === 'function') return !!condition() // the reader tracks what it reads
    if (this.#store) this.track()
    return this.#on
  }

  /** @internal */
  override snapshot(): StreamValue<T> {
    return this.#on ? this.#stream.snapshot() : undefined
  }

  /** @internal */
  override begin() {
    const condition = this.#condition
    const follow = (store: Readable<unknown>) => this.#stop.push(store.subscribe((value) => this.#turn(!!value)))
    if (this.#store) follow(this.#store)
    else this.#turn(typeof condition === 'function' ? !!condition() : this.#on)
    // Not while the component renders: the store would end with that rendering.
    if (typeof condition === 'function' && toStore) queueMicrotask(() => this.watched && follow(toStore!(condition)))
  }

  #turn(on: boolean) {
    if (on !== this.#on) touch(this)
    this.#on = on
    if (on) this.#leave ??= this.#stream.listen(() => this.notify())
    else {
      this.#leave?.()
      this.#leave = undefined
    }
  }

  /** @internal */
  override end() {
    for (const stop of this.#stop.splice(0)) stop()
    this.#leave?.()
    this.#leave = undefined
  }
}
