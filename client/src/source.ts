import { onServer } from './options'
import { createSubscriber, type MakeTracker, type Readable } from './track'

let makeTracker: MakeTracker = createSubscriber

/**
 * Makes `.current`, `.status` and `.error` reactive in Svelte 5 without the vite plugin: call `reactive(createSubscriber)`, with
 * `createSubscriber` from svelte/reactivity, before anything is shown.
 */
export function reactive(make: MakeTracker): void {
  makeTracker = make
}

const dirty = new Set<Source<unknown>>()

/** Notifies the listeners of a source that it has changed, once for all changes of this turn of the event loop. */
export function touch(source: Source<unknown>): void {
  if (!dirty.size) queueMicrotask(notify)
  dirty.add(source)
}

function notify() {
  const sources = [...dirty]
  dirty.clear()
  for (const source of sources) source.notify()
}

/** Runs a callback of the app: its errors must not stop the client. */
export function safely(fn: () => void): void {
  try {
    fn()
  } catch (error) {
    ;(globalThis.reportError ?? console.error)(error)
  }
}

/** A value that changes: a store, and a value for runes. It holds its resources only while it has readers. */
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

  /** The value that stores show. @internal */
  abstract snapshot(): V
  /** Called for the first listener. It must not notify of changes before the next turn. @internal */
  begin(): void {}
  /** Called in the turn after the last listener has left, unless there is another one by then. @internal */
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

  /** Subscribes the reactive context of the caller, if there is one. @internal */
  track(): void {
    this.#track ??= makeTracker((update) => this.listen(update))
    this.#track()
  }

  /** Whether there is a listener. @internal */
  get watched(): boolean {
    return this.#running
  }

  /** @internal */
  notify(): void {
    for (const listener of [...this.#listeners]) safely(listener)
  }
}
