// Shows values: lists of records as tables, single values in large type, everything else as JSON.

import { fill, h } from './dom.js'

const MOST_ROWS = 200

const isRecord = (v) => v !== null && typeof v === 'object' && !Array.isArray(v)

/** JSON with syntax highlighting. */
export function json(value, indent = 2) {
  const text = JSON.stringify(value, null, indent) ?? 'nothing'
  const pre = h('pre', { class: 'code json', tabindex: '0' })
  let from = 0
  for (const m of text.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    pre.append(text.slice(from, m.index))
    const kind = m[1] ? (m[2] ? 'key' : 'string') : /[a-z]/.test(m[0][0]) ? 'word' : 'number'
    pre.append(h('span', { class: kind }, m[1] ?? m[0]), m[2] ?? '')
    from = m.index + m[0].length
  }
  pre.append(text.slice(from))
  return pre
}

/** Shows a value that does not change. */
export function show(value) {
  const view = new ValueView()
  view.update(value)
  return view.el
}

/** Shows a value that changes: unchanged rows keep their elements, and new rows are highlighted. */
export class ValueView {
  #rows = new Map() // row as JSON, with a number if several are equal → its table row
  #columns = ''
  #body = null
  #seen = false

  constructor() {
    this.el = h('div', { class: 'value' })
  }

  update(value) {
    if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) this.#table(value)
    else {
      this.#body = null
      this.#rows.clear()
      fill(this.el, scalar(value) ?? json(value))
    }
    this.#seen ||= value !== undefined
  }

  #table(list) {
    const shown = list.slice(0, MOST_ROWS)
    const columns = [...new Set(shown.flatMap(Object.keys))]
    if (!this.#body || this.#columns !== columns.join('\n')) {
      this.#columns = columns.join('\n')
      this.#rows.clear()
      this.#body = h('tbody')
      const table = h('table', null, h('thead', null, h('tr', null, ...columns.map((c) => h('th', { scope: 'col' }, c)))), this.#body)
      this.count = h('p', { class: 'muted' })
      fill(this.el, h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Rows' }, table), this.count)
    }
    const rows = new Map()
    for (const item of shown) {
      const text = JSON.stringify(item)
      let key = text
      for (let n = 2; rows.has(key); n++) key = `${text}${n}`
      rows.set(key, this.#rows.get(key) ?? h('tr', { class: this.#seen ? 'fresh' : null }, ...columns.map((c) => cell(item[c]))))
    }
    this.#rows = rows
    const wanted = [...rows.values()]
    const kept = new Set(wanted)
    for (const old of [...this.#body.children]) if (!kept.has(old)) old.remove()
    wanted.forEach((tr, i) => this.#body.children[i] !== tr && this.#body.insertBefore(tr, this.#body.children[i] ?? null))
    this.count.textContent =
      list.length > shown.length
        ? `${list.length} rows, the first ${shown.length} are shown`
        : `${list.length} ${list.length === 1 ? 'row' : 'rows'}`
  }
}

function cell(value) {
  if (value === undefined) return h('td')
  if (value === null) return h('td', { class: 'muted' }, 'null')
  if (typeof value === 'object') return h('td', { class: 'code' }, JSON.stringify(value))
  const short = typeof value === 'string' && shorten(value)
  if (short) return h('td', { class: 'short', title: value }, short)
  return h('td', { class: typeof value === 'number' ? 'number' : null }, String(value))
}

/**
 * Shortens an id or a time for tables: a UUID to its last digits, which differ most, and a time of today to its time of day. Returns null
 * for any other text.
 */
export function shorten(text, today = new Date()) {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return `…${text.slice(-6)}`
  const time = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d{3}Z$/.exec(text)
  if (!time) return null
  return time[1] === today.toISOString().slice(0, 10) ? time[2] : `${time[1]} ${time[2]}`
}

function scalar(value) {
  if (value === undefined) return h('p', { class: 'muted' }, 'No data yet')
  if (value === null) return h('p', { class: 'muted' }, 'null')
  if (Array.isArray(value) && value.length === 0) return h('p', { class: 'muted' }, 'An empty list')
  if (typeof value === 'object') return null
  return h('p', { class: typeof value === 'string' ? 'text' : 'figure' }, String(value))
}
