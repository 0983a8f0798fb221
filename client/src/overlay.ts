// Changes on top of the server's value: those that the server has not confirmed yet, and steps back in history. What the server later says
// about a row wins.

import type { Merge } from './merge'

/** One change on top. */
export interface Change {
  /** The row concerned; undefined: all of the value, or a row that has no key. */
  key: unknown
  /** The key that the server will give the row, where that can be foretold. */
  foretold?: unknown
  /** The row to show, what to assign to the row, the whole value. */
  kind: 'put' | 'assign' | 'remove' | 'all'
  data: any
  /** Where a put row stands, if it must be added. */
  at: number | undefined
  /** A call that it belongs to is not answered yet: only that ends it. */
  held: boolean
  /** A step in history. */
  step: boolean
}

const KINDS: Record<string, Change['kind']> = { updated: 'assign', deleted: 'remove', leave: 'remove', remove: 'remove', set: 'all' }

/** The change that an event makes before the server says so. */
export function changeOf(merge: Merge, event: string, data: any, held: boolean): Change {
  const kind = merge.key || event === 'set' ? (KINDS[event] ?? 'put') : merge.view() instanceof Array && event !== 'set' ? 'put' : 'all'
  return { key: kind === 'all' ? undefined : merge.key?.(data), kind, data, at: undefined, held, step: false }
}

/** The value with changes on top. */
export function apply(value: any, changes: readonly Change[], merge: Merge): any {
  let out = value
  for (const { key, foretold = key, kind, data, at } of changes) {
    if (kind === 'all') {
      out = data
      continue
    }
    if (!Array.isArray(out)) continue
    out = out.slice()
    const i = merge.key ? out.findIndex((row: any) => [key, foretold].includes(merge.key!(row))) : -1
    if (kind === 'remove') {
      if (i >= 0) out.splice(i, 1)
    } else if (kind === 'assign') {
      if (i >= 0) out[i] = { ...out[i], ...data }
    } else if (i >= 0) out[i] = data
    else out.splice(at ?? place(out, data, merge), 0, data)
  }
  return out
}

/** Where a new row belongs. */
function place(rows: any[], row: any, { sort, prepend }: Merge): number {
  if (prepend) return 0
  const i = sort ? rows.findIndex((other) => sort(row, other) < 0) : -1
  return i < 0 ? rows.length : i
}

/** The changes that are left once the server has spoken of some rows; of all of them where `touched` is absent. */
export function settle(changes: readonly Change[], touched: readonly unknown[] | undefined, merge: Merge): Change[] {
  const keys = touched && merge.key && new Set(touched.map(merge.key))
  return changes.filter((c) => (keys ? !(keys.has(c.key) || keys.has(c.foretold)) || (c.held && c.kind !== 'put') : c.held))
}

/** The changes that lead from one value to another. */
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
