// The merges of docs/protocol.md: what an event of a published stream, a channel or a part of a room does to the value that is held.

import { applyDiff } from './diff.js'

const MAX = 50 // rows of `latest` where the contract does not say

/** Reads a merge as the contract writes it: `latest 100`, `crud key (a, b) prepend`. */
export function parseMerge(text = '') {
  const words = text.match(/[^\s(),]+/g) ?? []
  const prepend = words.at(-1) === 'prepend' && words.length > 1
  if (prepend) words.pop()
  const [kind = '', ...rest] = words
  const key = kind === 'crud' ? (rest[0] === 'key' ? rest.slice(1) : ['id']) : ['key']
  return { kind, key, max: kind === 'latest' ? Number(rest[0] ?? MAX) : MAX, prepend }
}

const put = { crud: 'created', presence: 'join', cursor: 'update' }
const takeOut = { crud: 'deleted', presence: 'leave', cursor: 'remove' }

/** The value that a subscription starts with. */
export const start = (merge, value) => (merge.kind === 'latest' && Array.isArray(value) ? cut(merge, value) : value)

/** Applies an event to a value and gives the new one. It throws where it does not know how. */
export function applyEvent(merge, value, event, data) {
  if (event === 'set') return start(merge, data)
  if (event === 'diff') return applyDiff(value, data)
  const list = value ?? []
  switch (merge.kind) {
    case 'latest':
      return cut(merge, merge.prepend ? [data, ...list] : [...list, data])
    case 'crud':
      return keyed(merge, list, event, data)
    case 'presence':
    case 'cursor':
      return data.reduce((rows, entry) => keyed(merge, rows, event, entry), list)
  }
  throw new Error(`events of kind ${event} are not known here`)
}

const cut = ({ max, prepend }, list) => (list.length <= max ? list : prepend ? list.slice(0, max) : list.slice(-max))

function keyed(merge, list, event, row) {
  const keyOf = (r) => JSON.stringify(merge.key.map((name) => r?.[name]))
  const at = list.findIndex((r) => keyOf(r) === keyOf(row))
  if (event === takeOut[merge.kind]) return at < 0 ? list : list.toSpliced(at, 1)
  if (at >= 0) return list.with(at, row)
  if (event !== put[merge.kind]) return list // an update of what is not there
  return merge.prepend ? [row, ...list] : [...list, row]
}
