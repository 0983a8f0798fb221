// How events change the value that a client holds; docs/protocol.md says what each means. The Go test harness follows the same rules.

import type { Codec } from './codec'

/** The value of a stream, and how events change it. If a merge cannot apply an event it throws, and the client requests the value anew. */
export interface Merge {
  /** Sets the whole value. */
  load(value: any): void
  /** Applies an event. It returns the rows that it has changed, or nothing if the whole value has changed. */
  apply(event: string, data: any): unknown[] | void
  /** The value as it is now; the same object until it changes. */
  view(): any
  /** Decodes a whole value. */
  decode?: Codec | undefined
  /** The key of a row; absent if the value is not a list of rows with keys. */
  key?: ((row: any) => unknown) | undefined
  /** The order of rows that have no position of the server yet. Default: at the end. */
  sort?: ((a: any, b: any) => number) | undefined
  prepend?: boolean
  /** The rows that fit, of those with changes on top. */
  trim?: ((rows: any[]) => any[]) | undefined
  /** The event that puts a row, and the one that removes it, for clients that publish. */
  events: readonly [put: string, remove?: string]
}

/** Makes the merge of one stream. */
export type MakeMerge = () => Merge

const unfit = (event: string): never => {
  throw new Error(`the event ${event} does not fit`)
}

/** Returns the function that gives the key of a row with these key fields. */
export const keyOf = (fields: readonly string[]): ((row: any) => unknown) =>
  fields.length === 1 ? (row) => row[fields[0]!] : (row) => JSON.stringify(fields.map((f) => row[f]))

/** A value that is replaced as a whole. */
export const set =
  (decode?: Codec, isList?: boolean): MakeMerge =>
  () => {
    let held: unknown = isList ? [] : undefined
    return {
      decode,
      load: (value) => void (held = value),
      apply: (event, data) => (event === 'set' ? void (held = decode ? decode(data) : data) : unfit(event)),
      view: () => held,
      events: ['set'],
    }
  }

/** What the generator knows about the rows of a list. */
export interface Rows {
  key?: readonly string[]
  /** Decodes one row. */
  row?: Codec
  /** The order of rows. */
  sort?: (a: any, b: any) => number
  /** How many rows there are at most. */
  limit?: number
}

/**
 * Orders rows by some of their fields; a `-` before a name means descending, and null comes first. A field of an enumeration is a list: the
 * name, then the values in their order. A new row is shown in this order until the server has positioned it.
 */
export const by =
  (...fields: (string | readonly string[])[]) =>
  (a: any, b: any): number => {
    for (const field of fields) {
      const [first, ...values] = [field].flat() as string[]
      const name = first!.replace(/^-/, '')
      const of = (row: any) => (values.length && row[name] != null ? values.indexOf(row[name]) : row[name])
      const [x, y] = name === first ? [of(a), of(b)] : [of(b), of(a)]
      if (x === y) continue
      if (x == null || y == null) return x == null ? -1 : 1
      if (x < y) return -1
      if (x > y) return 1
    }
    return 0
  }

const whole = (row: Codec | undefined): Codec | undefined =>
  row ? (rows) => (rows?.forEach((r: unknown, i: number) => (rows[i] = row(r))), rows) : undefined
const asIs: Codec = (value) => value

/** A live query: the server says which rows are inserted, deleted, changed and moved, and where. */
export const diff =
  ({ key, row = asIs, sort, limit }: Rows = {}): MakeMerge =>
  () => {
    let rows: any[] = []
    let shown = false // rows was given out, so it must be copied before the next change
    const decode = row === asIs ? undefined : whole(row)
    return {
      decode,
      sort,
      trim: limit ? (rows) => rows.slice(0, limit) : undefined,
      events: ['diff'],
      key: key && keyOf(key),
      load(value) {
        rows = value
        shown = true
      },
      apply(event, data) {
        if (event === 'set') return this.load(decode ? decode(data) : data)
        if (event !== 'diff') return unfit(event)
        if (shown) rows = rows.slice()
        shown = false
        return data.map(([op, at, arg]: [string, number, any]) => {
          const size = rows.length
          if (!(at >= 0 && at < (op === '+' ? size + 1 : size))) unfit(event)
          if (op === '+') rows.splice(at, 0, row(arg))
          else if (op === '-') return rows.splice(at, 1)[0]
          else if (op === '~') rows[at] = { ...rows[at], ...row(arg) }
          else if (op === '>' && arg >= 0 && arg < size) rows.splice(arg, 0, rows.splice(at, 1)[0])
          else unfit(event)
          return rows[op === '>' ? arg : at]
        })
      },
      view() {
        shown = true
        return rows
      },
    }
  }

/** Rows in a map by key, which keeps their order and makes all changes O(1). With `prepend` the map is in reverse order. */
function keyed(
  key: (row: any) => unknown,
  row: Codec,
  prepend: boolean,
  apply: (rows: Map<unknown, any>, event: string, data: any) => void,
  events: Merge['events'],
): Merge {
  let rows = new Map<unknown, any>()
  let view: any[] | undefined
  const decode = row === asIs ? undefined : whole(row)
  const merge: Merge = {
    key,
    prepend,
    decode,
    events,
    load(value) {
      rows = new Map()
      for (const r of prepend ? value.slice().reverse() : value) rows.set(key(r), r)
      view = value
    },
    apply(event, data) {
      view = undefined
      if (event === 'set') return merge.load(decode ? decode(data) : data)
      const all = (Array.isArray(data) ? data : [data]).map(row)
      for (const r of all) apply(rows, event, r)
      return all
    },
    view() {
      if (!view) {
        view = [...rows.values()]
        if (prepend) view.reverse()
      }
      return view
    },
  }
  return merge
}

/**
 * `merge crud`: created, updated and deleted rows. A created row replaces the one with its key; if there is none it is added at the end, or
 * in front.
 */
export const crud =
  (key: readonly string[] = ['id'], { row = asIs, prepend = false }: Rows & { prepend?: boolean } = {}): MakeMerge =>
  () => {
    const id = keyOf(key)
    return keyed(
      id,
      row,
      prepend,
      (rows, event, r) => {
        if (event === 'created') rows.set(id(r), r)
        else if (event === 'updated') rows.has(id(r)) && rows.set(id(r), r)
        else if (event === 'deleted') rows.delete(id(r))
        else unfit(event)
      },
      ['created', 'deleted'],
    )
  }

const byKey = keyOf(['key'])

/** Rows by their `key`: one event adds or replaces some, the other removes some. */
const entries =
  (put: string, remove: string) =>
  (row: Codec = asIs): MakeMerge =>
  () =>
    keyed(
      byKey,
      row,
      false,
      (rows, event, r) => {
        if (event === put) rows.set(r.key, r)
        else if (event === remove) rows.delete(r.key)
        else unfit(event)
      },
      [put, remove],
    )

/** `merge presence`: who is here. */
export const presence = /* @__PURE__ */ entries('join', 'leave')

/** `merge cursor`: the cursors of a room or channel. */
export const cursor = /* @__PURE__ */ entries('update', 'remove')

/** `merge latest`: the last `max` events, whatever their names. */
export const latest =
  (max = 50, { row = asIs, prepend = false }: Rows & { prepend?: boolean } = {}): MakeMerge =>
  () => {
    let held: any[] = [] // in order of arrival; only the last `max` count
    let view: any[] | undefined
    const decode = row === asIs ? undefined : whole(row)
    const merge: Merge = {
      decode,
      prepend,
      trim: (rows) => (prepend ? rows.slice(0, max) : rows.slice(-max)),
      events: ['created'],
      load(value) {
        held = prepend ? value.slice().reverse() : value.slice()
        view = undefined
      },
      apply(event, data) {
        if (event === 'set') return merge.load(decode ? decode(data) : data)
        held.push(row(data))
        if (held.length > 2 * max) held = held.slice(-max)
        view = undefined
        return []
      },
      view() {
        if (!view) {
          view = held.slice(-max)
          if (prepend) view.reverse()
        }
        return view
      },
    }
    return merge
  }
