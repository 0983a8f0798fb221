import type { RpcError } from './error'
import { Source, touch } from './source'
import type { LiveStream, StreamValue } from './stream'

interface Input<T> {
  readonly current: T | undefined
  readonly error: RpcError | undefined
  retry?(): void
  subscribe(run: (value: StreamValue<T>) => void): () => void
}

type Values<S extends readonly unknown[]> = { [K in keyof S]: S[K] extends Input<infer T> ? T : never }

/** A value computed from the values of several streams. */
export class Combined<T> extends Source<StreamValue<T>> {
  #inputs: readonly Input<unknown>[]
  #make: (...values: any[]) => T
  #seen: StreamValue<unknown>[] = []
  #stop: (() => void)[] = []
  #made: { of: unknown[]; value: T } | undefined

  /** @internal */
  constructor(inputs: readonly Input<unknown>[], make: (...values: any[]) => T) {
    super()
    this.#inputs = inputs
    this.#make = make
  }

  /** The value; undefined until all streams have one. Reactive in Svelte 5. */
  get current(): T | undefined {
    return this.#from(this.#inputs.map((input) => input.current))
  }

  /** The first error among the streams. Reactive in Svelte 5. */
  get error(): RpcError | undefined {
    return this.#inputs.map((input) => input.error).find(Boolean)
  }

  /** Subscribes again to the streams that have failed. */
  retry(): void {
    for (const input of this.#inputs) input.retry?.()
  }

  #from(values: unknown[]): T | undefined {
    if (values.includes(undefined)) return undefined
    if (!this.#made || values.some((v, i) => v !== this.#made!.of[i])) this.#made = { of: values, value: this.#make(...values) }
    return this.#made.value
  }

  /** @internal */
  override snapshot(): StreamValue<T> {
    const failed = this.#seen.find((v) => v && typeof v === 'object' && (v as { error?: unknown }).error instanceof Error)
    return (failed ?? this.#from(this.#inputs.map((_, i) => this.#seen[i]))) as StreamValue<T>
  }

  /** @internal */
  override begin() {
    this.#stop = this.#inputs.map((input, i) =>
      input.subscribe((value) => {
        this.#seen[i] = value
        if (this.#stop.length) touch(this)
      }),
    )
  }

  /** @internal */
  override end() {
    for (const stop of this.#stop.splice(0)) stop()
  }
}

/**
 * Combines streams: `combine(orders, products, (orders, products) => …)`. The function runs when all of them have a value, and after each
 * change.
 */
export function combine<S extends readonly [Input<any>, ...Input<any>[]], R>(
  ...parts: [...streams: S, make: (...values: Values<S>) => R]
): Combined<R> {
  return new Combined(parts.slice(0, -1) as unknown as Input<unknown>[], parts.at(-1) as (...values: unknown[]) => R)
}

/** @internal */
export type { LiveStream }
