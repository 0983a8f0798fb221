import { attempt, begin } from './call'
import { base64, write } from './codec'
import { isReady, send } from './connection'
import { family } from './family'
import type { MakeMerge } from './merge'
import { onServer, rendering } from './options'
import { type EventsOf, LiveStream } from './stream'

/** A channel that clients may publish into. `P` is what they publish, and `E` the events. */
export class LiveChannel<T, P, E extends string = EventsOf<T>> extends LiveStream<T, E> {
  /**
   * Publishes an event to all subscribers of the channel. `event` is one of its merge; the default is the one that puts a row. It rejects
   * with an `RpcError`.
   */
  publish(value: P, event: E = this.events[0] as E): Promise<void> {
    return this.#ask(event, value)
  }

  /** Removes one's own row. */
  clear(): Promise<void> {
    const [put, remove] = this.events
    return remove ? this.#ask(remove, null) : this.#ask(put, null)
  }

  #ask(event: string, value: unknown): Promise<void> {
    return attempt(() => {
      if (onServer()) throw rendering(this.path)
      return begin(this.path, this.args, this.argsText, { once: true }, undefined, 'pub', tail(event, value)) as Promise<void>
    })
  }
}

const tail = (event: string, value: unknown) => `,"k":${JSON.stringify(event)},"v":${write(value, base64)}`

/** A channel without parameters. */
export const channel = <T, P, E extends string = EventsOf<T>>(path: string, make: MakeMerge): LiveChannel<T, P, E> =>
  new LiveChannel<T, P, E>(path, [], make)

/** A channel with parameters. */
export const channels = <A extends unknown[], T, P, E extends string = EventsOf<T>>(
  path: string,
  make: MakeMerge,
): ((...args: A) => LiveChannel<T, P, E>) => family((args: A, listed) => new LiveChannel<T, P, E>(path, args, make, listed))

/** Who is in a room, where members may change their own entry. */
export class Presence<T, P> extends LiveChannel<T, P, 'join' | 'leave'> {
  /** Replaces one's own entry. */
  update(value: P): Promise<void> {
    return this.publish(value)
  }
}

/** The presence of a room. */
export const presences = <A extends unknown[], T, P>(path: string, make: MakeMerge): ((...args: A) => Presence<T, P>) =>
  family((args: A, listed) => new Presence<T, P>(path, args, make, listed))

/** The cursors in a room. */
export class Cursors<T, P> extends LiveChannel<T, P, 'update' | 'remove'> {
  #next: { value: P } | undefined

  /**
   * Moves one's own cursor. At most one move is sent in a frame of the screen, the last one, and it is not answered. Without a connection
   * nothing is sent.
   */
  move(value: P): void {
    const waiting = this.#next
    this.#next = { value }
    if (!waiting && !onServer()) (globalThis.requestAnimationFrame ?? setTimeout)(() => this.#flush())
  }

  #flush() {
    const { value } = this.#next!
    this.#next = undefined
    if (isReady()) send(`{"t":"pub","m":${JSON.stringify(this.path)},"a":${this.argsText}${tail(this.events[0], value)}}`)
  }
}

/** The cursors of a room, by its arguments. */
export const cursors = <A extends unknown[], T, P>(path: string, make: MakeMerge): ((...args: A) => Cursors<T, P>) =>
  family((args: A, listed) => new Cursors<T, P>(path, args, make, listed))
