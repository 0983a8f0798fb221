// How readers of `.current` are notified of changes. This module is for pages without a framework; with Svelte 5 the vite plugin replaces
// it by svelte.js.

/**
 * `createSubscriber` of svelte/reactivity: it returns a function. Called in a reactive context, that function calls `start`, which gets
 * `update`, to be called on each change.
 */
export type MakeTracker = (start: (update: () => void) => () => void) => () => void

/** Anything with the store contract of Svelte. */
export interface Readable<T> {
  subscribe(run: (value: T) => void): () => void
}

export const createSubscriber: MakeTracker = () => () => {}

/** Makes a store of a getter, if the framework can detect when its value changes. */
export const toStore: (<T>(get: () => T) => Readable<T>) | undefined = undefined
