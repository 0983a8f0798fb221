// The events of live streams, as docs/protocol.md has them; those of published ones are in merge.js.

/**
 * Applies the operations of a `diff` to a list and gives the new list. Rows that do not change stay the same objects. An operation that does not fit the list throws: then the data is to be taken anew.
 */
export function applyDiff(list, ops) {
  if (!Array.isArray(list)) throw new Error('a diff concerns a list')
  const rows = list.slice()
  const check = (pos, end) => {
    if (!Number.isInteger(pos) || pos < 0 || pos >= end) throw new Error(`position ${pos} is outside the list`)
    return pos
  }
  for (const [op, pos, arg] of ops) {
    switch (op) {
      case '+':
        rows.splice(check(pos, rows.length + 1), 0, arg)
        break
      case '-':
        rows.splice(check(pos, rows.length), 1)
        break
      case '~':
        rows[check(pos, rows.length)] = { ...rows[pos], ...arg }
        break
      case '>': {
        const [row] = rows.splice(check(pos, rows.length), 1)
        rows.splice(check(arg, rows.length + 1), 0, row)
        break
      }
      default:
        throw new Error(`the operation ${op} is not known`)
    }
  }
  return rows
}

/** Says in a few words what an event does. */
export function describeEvent(kind, data) {
  if (!Array.isArray(data)) return kind
  if (kind !== 'diff') return data.every((d) => d?.key !== undefined) ? `${kind} ${data.map((d) => d.key).join(', ')}` : kind
  return data
    .map(([op, pos, arg]) => {
      switch (op) {
        case '+':
          return `insert at ${pos}`
        case '-':
          return `delete ${pos}`
        case '~':
          return `change ${pos}: ${Object.keys(arg).join(', ')}`
        case '>':
          return `move ${pos} to ${arg}`
        default:
          return op
      }
    })
    .join(' · ')
}
