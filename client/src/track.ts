// How a reader of `.current` is told of changes. This module knows no framework; the vite plugin puts svelte.ts in its place where it finds Svelte 5.

/** What `createSubscriber` of svelte/reactivity does: gives a function that, called where reads are tracked, starts what calls `update` on each change. */
export type MakeTracker = (start: (update: () => void) => () => void) => () => void

/** Anything with the store contract of Svelte. */
export interface Readable<T> {
  subscribe(run: (value: T) => void): () => void
}

export const createSubscriber: MakeTracker = () => () => {}

/** Makes a store of a getter, where the framework can tell when its value changes. */
export const toStore: (<T>(get: () => T) => Readable<T>) | undefined = undefined
