// What a page does with streams, in runes.
import { flushSync, untrack } from 'svelte'
import { get } from 'svelte/store'

export { flushSync, get }

/**
 * Reads something in an effect of its own, as a part of a page does. It returns what was read so far, and a function that removes the
 * part.
 */
export function watch(read) {
  const seen = []
  const stop = $effect.root(() => {
    $effect(() => {
      seen.push(read())
    })
  })
  flushSync()
  return { seen, stop }
}

/** A value that can be set. */
export function box(value) {
  let held = $state(value)
  return {
    get value() {
      return held
    },
    set value(v) {
      held = v
    },
  }
}

/** Reads a store in a block that is rendered with each of its values, like `{#if $store}`: it subscribes at first, and stays subscribed. */
export function block(store) {
  const seen = []
  const stop = $effect.root(() => {
    let version = $state(0)
    let stop
    $effect.pre(() => {
      version
      untrack(() => {
        stop ??= store.subscribe((v) => {
          seen.push(v)
          if (stop) version++
        })
      })
    })
    return () => stop()
  })
  flushSync()
  return { seen, stop }
}

/** A part of a page whose stream depends on a value. */
export function parts(make, argument) {
  const seen = []
  const stop = $effect.root(() => {
    const stream = $derived(make(argument.value))
    const size = $derived(stream.current?.length)
    $effect(() => {
      seen.push(`${argument.value}:${size}`)
    })
  })
  flushSync()
  return { seen, stop }
}
