// Describes events in words.

/** Describes an event in a few words. */
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
