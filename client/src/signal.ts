import type { Codec } from './codec'
import { type Part, use } from './connection'
import { onServer } from './options'
import { safely } from './source'

/** Messages that the server sends to this user alone. */
export interface Signal<A extends unknown[]> {
  /** Calls `listener` for each one, until the returned function is called. */
  on(listener: (...args: A) => void): () => void
}

const listeners = new Map<string, Set<(...args: any[]) => void>>()

const part: Part = {
  on: {
    sig(m: { m: string; a: unknown[] }) {
      const all = listeners.get(m.m)
      if (!all?.size) return
      for (const listener of [...all]) safely(() => listener(...m.a))
    },
  },
}

/** A signal. */
export function signal<A extends unknown[]>(path: string, decode?: Codec): Signal<A> {
  return {
    on(listener) {
      if (onServer()) return () => {}
      use(part)
      const call = (...args: A) => listener(...((decode ? decode(args) : args) as A))
      const all = listeners.get(path) ?? new Set()
      listeners.set(path, all.add(call))
      return () => void all.delete(call)
    },
  }
}
