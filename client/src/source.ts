import { onServer } from './options'
import { createSubscriber, type MakeTracker, type Readable } from './track'

let makeTracker: MakeTracker = createSubscriber

/**
 * Makes `.current`, `.status` and `.error` reactive in Svelte 5 where the vite plugin is not used: `reactive(createSubscriber)`, with `createSubscriber` from
 * svelte/reactivity, before anything is shown.
 */
export function reactive(make: MakeTracker): void {
  makeTracker = make
}

const dirty = new Set<Source<unknown>>()

/** Tells the listeners of a source that it has changed, once for all that changes in this turn. */
export function touch(source: Source<unknown>): void {
  if (!dirty.size) queueMicrotask(tell)
  dirty.add(source)
}

function tell() {
  const sources = [...dirty]
  dirty.clear()
  for (const source of sources) source.tell()
}

/** Runs what others gave us: its errors are theirs and must not stop us. */
export function safely(fn: () => void): void {
  try {
    fn()
  } catch (error) {
    ;(globalThis.reportError ?? console.error)(error)
  }
}

/** Something with a value that changes: a store, and a value for runes. All its readers together hold what is behind it open. */
export abstract class Source<V> implements Readable<V> {
  #listeners = new Set<() => void>()
  #running = false
  #track: (() => void) | undefined

  /** The store contract of Svelte: `run` gets the value at once and after each change. */
  subscribe(run: (value: V) => void): () => void {
    const stop = this.listen(() => run(this.snapshot()))
    run(this.snapshot())
    return stop
  }

  /** What the store contract shows. @internal */
  abstract snapshot(): V
  /** Begins with the first listener. It must not tell of changes before the next turn. @internal */
  begin(): void {}
  /** Ends in the turn after the last listener has left, unless another has come. @internal */
  end(): void {}

  /** @internal */
  listen(update: () => void): () => void {
    if (onServer()) return () => {}
    const listener = () => update()
    this.#listeners.add(listener)
    if (!this.#running) {
      this.#running = true
      this.begin()
    }
    return () => {
      this.#listeners.delete(listener)
      queueMicrotask(() => {
        if (this.#running && !this.#listeners.size) {
          this.#running = false
          this.end()
        }
      })
    }
  }

  /** Has the reader around this call told of changes. @internal */
  track(): void {
    this.#track ??= makeTracker((update) => this.listen(update))
    this.#track()
  }

  /** Whether anybody listens. @internal */
  get watched(): boolean {
    return this.#running
  }

  /** @internal */
  tell(): void {
    for (const listener of [...this.#listeners]) safely(listener)
  }
}
