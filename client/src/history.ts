import type { Merge } from './merge'
import { apply, type Change } from './overlay'

/** A value that was shown, and what it was made of. */
interface Step {
  view: any
  base: any
  changes: readonly Change[]
}

/** Whether two values show the same: they are one, or they are lists of the same rows. */
const same = (a: any, b: any) =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((row, i) => row === b[i]))

/** The values that a stream has shown, for undo and redo. @internal */
export class History {
  steps: Step[] = []
  at = 0 // the index of the value that is shown
  paused = false

  /** Keeps the last `max` values, besides the one that is shown. */
  constructor(public max: number) {}

  /** Adds what is shown now, unless it is there already. What could be redone is gone then. */
  record(step: Step): void {
    const { steps, at } = this
    if (steps[at] && same(steps[at].view, step.view)) return
    steps.splice(at + 1, Infinity, step)
    if (steps.length > this.max + 1) steps.shift()
    this.at = steps.length - 1
  }

  /** Takes out a change that the server has refused, as if it had never been shown. */
  forget(change: Change, merge: Merge): void {
    const kept: Step[] = []
    let { at } = this
    this.steps.forEach((step, i) => {
      if (step.changes.includes(change)) {
        const changes = step.changes.filter((c) => c !== change)
        step = { base: step.base, changes, view: changes.length ? apply(step.base, changes, merge) : step.base }
      }
      if (!kept.length || !same(kept.at(-1)!.view, step.view)) kept.push(step)
      else if (i <= this.at) at--
    })
    this.steps = kept
    this.at = at
  }

  /** Forgets everything. */
  clear(): void {
    this.steps = []
    this.at = 0
    this.paused = false
  }
}
