// Changes that are shown on top of the server's value: those that the server has not confirmed yet, and those of undo and redo. What the
// server later sends for a row wins.

import type { Merge } from './merge'

/** One change on top of the value. */
export interface Change {
  /** The key of the row; undefined for the whole value, and for a row without a key. */
  key: unknown
  /** The key that the server will give the row, if it can be predicted. */
  predicted?: unknown
  /** Puts a row, assigns fields to a row, removes a row, replaces the whole value. */
  kind: 'put' | 'assign' | 'remove' | 'all'
  data: any
  /** The index at which a new row is inserted; undefined: where its order says. */
  at: number | undefined
  /** The call that makes this change has no answer yet. Until then nothing else ends the change. */
  held: boolean
  /** It comes from undo or redo. */
  step: boolean
}

const KINDS: Record<string, Change['kind']> = { updated: 'assign', deleted: 'remove', leave: 'remove', remove: 'remove', set: 'all' }

/** The change that an event makes, to show it before the server sends it. */
export function changeOf(merge: Merge, event: string, data: any, held: boolean): Change {
  const kind = merge.key || event === 'set' ? (KINDS[event] ?? 'put') : merge.view() instanceof Array && event !== 'set' ? 'put' : 'all'
  return { key: kind === 'all' ? undefined : merge.key?.(data), kind, data, at: undefined, held, step: false }
}

/** The value with changes on top. */
export function apply(value: any, changes: readonly Change[], merge: Merge): any {
  let out = value
  for (const { key, predicted = key, kind, data, at } of changes) {
    if (kind === 'all') {
      out = data
      continue
    }
    if (!Array.isArray(out)) continue
    out = out.slice()
    const i = merge.key ? out.findIndex((row: any) => [key, predicted].includes(merge.key!(row))) : -1
    const old = i < 0 ? undefined : out.splice(i, 1)[0]
    if (kind === 'remove' || (kind === 'assign' && i < 0)) continue
    const row = kind === 'assign' ? { ...old, ...data } : data
    out.splice(i < 0 ? (at ?? place(out, row, merge)) : fits(out, i, row, merge) ? i : place(out, row, merge), 0, row)
  }
  return out !== value && merge.trim && Array.isArray(out) ? merge.trim(out) : out
}

/** Whether a row that is there already may stay at its index. */
function fits(rows: any[], i: number, row: any, { sort }: Merge): boolean {
  return !sort || ((!i || sort(rows[i - 1], row) <= 0) && (i === rows.length || sort(row, rows[i]) <= 0))
}

/** The index at which a new row belongs. */
function place(rows: any[], row: any, { sort, prepend }: Merge): number {
  if (prepend) return 0
  const i = sort ? rows.findIndex((other) => sort(row, other) < 0) : -1
  return i < 0 ? rows.length : i
}

/** The changes that remain after the server has sent some rows, or the whole value if `touched` is absent. */
export function settle(changes: readonly Change[], touched: readonly unknown[] | undefined, merge: Merge): Change[] {
  const keys = touched && merge.key && new Set(touched.map(merge.key))
  return changes.filter((c) => (keys ? !(keys.has(c.key) || keys.has(c.predicted)) || (c.held && c.kind !== 'put') : c.held))
}

/** The changes that turn one value into another. */
export function steps(from: any, to: any, merge: Merge): Change[] {
  const step = { at: undefined, held: false, step: true }
  if (!merge.key || !Array.isArray(from) || !Array.isArray(to)) return [{ ...step, key: undefined, kind: 'all', data: to }]
  const old = new Map(from.map((row) => [merge.key!(row), row]))
  const out: Change[] = []
  to.forEach((row, at) => {
    const key = merge.key!(row)
    if (old.get(key) !== row) out.push({ ...step, key, kind: 'put', data: row, at })
    old.delete(key)
  })
  for (const key of old.keys()) out.unshift({ ...step, key, kind: 'remove', data: undefined })
  return out
}
