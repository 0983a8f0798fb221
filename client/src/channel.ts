import { begin } from './call'
import { failure, type RpcError } from './error'
import type { MakeMerge } from './merge'
import { onServer } from './options'
import { family, LiveStream } from './stream'

/** A channel that clients may publish into. `P` is what they publish. */
export class LiveChannel<T, P> extends LiveStream<T> {
  /** @internal */
  publishAs(kind: string, value: unknown): Promise<void> {
    if (onServer()) return Promise.reject(failure('DISCONNECTED', `${this.path} was published to while rendering on a server`))
    return begin(this.path, this.args, this.argsText, { once: true }, undefined, 'pub', `,"k":${JSON.stringify(kind)},"v":${JSON.stringify(value)}`) as Promise<void>
  }

  /** Publishes: to everybody who reads the channel. It rejects with an `RpcError`. */
  publish(value: P): Promise<void> {
    return this.publishAs('set', value)
  }
}

/** A channel without parameters. */
export const channel = <T, P>(path: string, make: MakeMerge): LiveChannel<T, P> => new LiveChannel<T, P>(path, [], make)

/** A channel with parameters. */
export const channels = <A extends unknown[], T, P>(path: string, make: MakeMerge): ((...args: A) => LiveChannel<T, P>) =>
  family((args: A, listed) => new LiveChannel<T, P>(path, args, make, listed))

/** Who is in a room. */
export class Presence<T, P> extends LiveChannel<T, P> {
  /** Changes one's own entry. */
  update(value: P): Promise<void> {
    return this.publishAs('set', value)
  }
}

/** The presence of a room. */
export const presences = <A extends unknown[], T, P>(path: string, make: MakeMerge): ((...args: A) => Presence<T, P>) =>
  family((args: A, listed) => new Presence<T, P>(path, args, make, listed))

/** Where everybody in a room points. */
export class Cursors<T, P> extends LiveChannel<T, P> {
  #next: { value: P } | undefined

  /** Says where one points. What is said within one frame of the screen goes out as one message, the last. */
  move(value: P): void {
    const waiting = this.#next
    this.#next = { value }
    if (!waiting) (globalThis.requestAnimationFrame ?? setTimeout)(() => this.#flush())
  }

  #flush() {
    const { value } = this.#next!
    this.#next = undefined
    this.publishAs('update', value).catch((_: RpcError) => {}) // the next one will say where it is
  }
}

/** The cursors of a room. */
export const cursors = <A extends unknown[], T, P>(path: string, make: MakeMerge): ((...args: A) => Cursors<T, P>) =>
  family((args: A, listed) => new Cursors<T, P>(path, args, make, listed))
