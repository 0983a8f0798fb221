// The overlay for development: Ctrl+Shift+L shows the connection, the streams and the calls of the page. The vite plugin adds it to the
// pages that it serves; builds do not contain it.
import { inspect, reconnect } from './index.js'

const KEPT = 200 // calls and frames that are kept

/** Keeps what has passed over connections: calls with their outcomes, and the messages of streams. */
export class Log {
  calls = [] // newest first
  frames = 0
  bytes = 0
  events = new Map() // number of events, by topic
  #open = new Map() // calls without an answer, by id

  /** Records a frame that is sent. */
  sent(frame, at = Date.now()) {
    for (const m of read(frame)) {
      for (const c of m.t === 'batch' ? m.b : [m]) {
        if (c.t !== 'call' && c.t !== 'pub') continue
        const known = this.#open.get(c.id)
        if (known) known.tries++
        else this.#begin({ kind: c.t, path: c.m, args: c.a, at, tries: 1, took: undefined, outcome: c.id ? 'waits' : 'sent' }, c.id)
      }
    }
  }

  #begin(call, id) {
    this.calls.unshift(call)
    this.calls.length = Math.min(this.calls.length, KEPT)
    if (id) this.#open.set(id, call)
  }

  /** Records a frame that is received. */
  received(frame, at = Date.now()) {
    this.frames++
    this.bytes += frame.length ?? 0
    for (const m of read(frame)) {
      if (m.t === 'ev') this.events.set(m.c, (this.events.get(m.c) ?? 0) + 1)
      const call = (m.t === 'ok' || m.t === 'err') && this.#open.get(m.id)
      if (!call) continue
      this.#open.delete(m.id)
      call.took = at - call.at
      call.outcome = m.t === 'ok' ? 'ok' : m.code
      call.result = m.t === 'ok' ? m.v : m.message
    }
  }
}

function read(frame) {
  if (typeof frame !== 'string') {
    const bytes = new Uint8Array(frame.buffer ?? frame)
    const length = (bytes[1] << 8) | bytes[2]
    frame = new TextDecoder().decode(bytes.subarray(3, 3 + length))
  }
  try {
    return [JSON.parse(frame)].flat()
  } catch {
    return []
  }
}

/** Has a log record all frames of Live's connections. */
export function tap(log, scope = globalThis) {
  const Plain = scope.WebSocket
  scope.WebSocket = class WebSocket extends Plain {
    #ours
    constructor(url, protocols) {
      super(url, protocols)
      this.#ours = protocols === 'live.v1'
      if (this.#ours) this.addEventListener('message', (e) => log.received(e.data))
    }
    send(frame) {
      if (this.#ours) log.sent(frame)
      super.send(frame)
    }
  }
}

const STYLE = `
  :host { all: initial }
  aside { position: fixed; z-index: 2147483647; right: 12px; bottom: 12px; overflow: hidden;
    width: min(640px, calc(100vw - 24px)); height: min(460px, calc(100vh - 24px)); display: flex; flex-direction: column;
    font: 12px/1.5 ui-monospace, monospace; color: #e6e6f0; background: #16161e;
    border: 1px solid #33334a; border-radius: 10px; box-shadow: 0 12px 40px #0008 }
  header { display: flex; gap: 12px; align-items: center; padding: 8px 12px; border-bottom: 1px solid #33334a }
  header b { font-weight: 600 } header span { color: #9a9ab8 } header i { flex: 1 }
  button { font: inherit; color: inherit; background: #2a2a3c; border: 0; border-radius: 6px; padding: 2px 8px; cursor: pointer }
  button[aria-selected=true] { background: #5b5bd6 }
  main { flex: 1; overflow: auto; padding: 4px 0 }
  details { padding: 2px 12px } details:hover { background: #20202c }
  summary { display: flex; gap: 10px; cursor: default; list-style: none; white-space: nowrap }
  summary > :nth-child(2) { flex: 1; overflow: hidden; text-overflow: ellipsis } summary > :first-child { min-width: 5.5em }
  pre { margin: 4px 0; max-height: 240px; overflow: auto; color: #b9b9d6; white-space: pre-wrap; word-break: break-word }
  .good { color: #7ee0a1 } .bad { color: #ff8f8f } .slow { color: #f2cc6b } .dim { color: #9a9ab8 } p { padding: 0 12px; color: #9a9ab8 }`

const TONES = {
  open: 'good',
  live: 'good',
  ok: 'good',
  sent: 'good',
  closed: 'bad',
  error: 'bad',
  waits: 'slow',
  connecting: 'slow',
  waiting: 'slow',
  loading: 'slow',
  stale: 'slow',
  idle: 'dim',
  off: 'dim',
}

const element = (name, attributes = {}, ...children) => {
  const e = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) e.addEventListener(key.slice(2), value)
    else if (value !== undefined) e.setAttribute(key, value)
  }
  e.append(...children)
  return e
}

const short = (value) => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 300 ? text.slice(0, 300) + '…' : text
}
const pretty = (value) => {
  const text = JSON.stringify(value, (_, v) => (v instanceof Uint8Array ? `${v.length} bytes` : v), 2) ?? 'undefined'
  return text.length > 20_000 ? text.slice(0, 20_000) + '…' : text
}

/** The panel. While it is open, changes redraw it. */
class Panel {
  #host = element('live-devtools')
  #root = this.#host.attachShadow({ mode: 'open' })
  #tab = 'streams'
  #opened = new Set() // rows that are expanded
  #drawn = ''
  #timer

  constructor(log) {
    this.log = log
  }

  get shown() {
    return this.#host.isConnected
  }

  toggle() {
    if (this.shown) {
      clearInterval(this.#timer)
      this.#host.remove()
      return
    }
    document.body.append(this.#host)
    this.#drawn = ''
    this.#draw()
    this.#timer = setInterval(() => this.#draw(), 300)
  }

  #draw() {
    const state = inspect()
    const rows = this.#tab === 'streams' ? this.#streams(state) : this.#calls()
    const key = JSON.stringify([state.connection, this.#tab, rows.map((r) => [r.id, r.tone, r.note, r.stamp]), this.log.frames])
    if (key === this.#drawn) return
    this.#drawn = key
    const { connection } = state
    const tab = (name, count) =>
      element('button', { 'aria-selected': `${this.#tab === name}`, onclick: () => ((this.#tab = name), this.#draw()) }, `${name} ${count}`)
    const scroll = this.#root.querySelector('main')?.scrollTop ?? 0
    const main = element('main', {}, ...(rows.length ? rows.map((r) => this.#row(r)) : [element('p', {}, `There are no ${this.#tab}.`)]))
    this.#root.replaceChildren(
      element('style', {}, STYLE),
      element(
        'aside',
        { 'aria-label': 'Live' },
        element(
          'header',
          {},
          element('b', {}, 'Live'),
          element(
            'span',
            { class: TONES[connection.state], title: connection.reason },
            connection.code && connection.state !== 'open' ? `${connection.state} (${connection.code})` : connection.state,
          ),
          element('span', {}, `${this.log.frames} frames, ${Math.ceil(this.log.bytes / 1024)} KB`),
          element('i'),
          tab('streams', state.streams.length),
          tab('calls', this.log.calls.length),
          element('button', { onclick: reconnect, title: 'Connect anew' }, '↻'),
          element('button', { onclick: () => this.toggle(), title: 'Close (Ctrl+Shift+L)' }, '×'),
        ),
        main,
      ),
    )
    main.scrollTop = scroll
  }

  #streams({ streams }) {
    return streams.map((s) => ({
      id: s.path + s.args,
      tone: s.status,
      name: s.path + s.args.replace(/^\[|\]$/g, (bracket) => (bracket === '[' ? '(' : ')')),
      note: s.error ?? (Array.isArray(s.value) ? `${s.value.length} rows` : s.value === undefined ? '' : short(s.value)),
      stamp: s.offset,
      all: () => s.value,
    }))
  }

  #calls() {
    return this.log.calls.map((c) => ({
      id: `${c.at} ${c.path} ${short(c.args)}`,
      tone: c.outcome,
      name: `${c.path}(${short(c.args).slice(1, -1)})`,
      note: `${c.took === undefined ? '' : `${c.took} ms`}${c.tries > 1 ? `, sent ${c.tries} times` : ''}`,
      all: () => ({ arguments: c.args, [c.outcome === 'ok' ? 'result' : 'message']: c.result }),
    }))
  }

  #row({ id, tone, name, note, all }) {
    const details = element(
      'details',
      {},
      element(
        'summary',
        {},
        element('span', { class: TONES[tone] ?? 'bad' }, tone),
        element('span', {}, name),
        element('span', { class: 'dim' }, note),
      ),
    )
    const fill = () => details.childElementCount > 1 || details.append(element('pre', {}, pretty(all())))
    if (this.#opened.has(id)) {
      details.open = true
      fill()
    }
    details.addEventListener('toggle', () => {
      if (!details.open) return void this.#opened.delete(id)
      this.#opened.add(id)
      fill()
    })
    return details
  }
}

if (typeof document !== 'undefined') {
  // When a module is replaced and the page stays, the next one takes over the log.
  const key = Symbol.for('live.devtools')
  const before = globalThis[key]
  const shared = (globalThis[key] ??= { log: new Log() })
  if (before?.panel.shown) before.panel.toggle()
  shared.panel = new Panel(shared.log)
  if (!before) {
    tap(shared.log)
    addEventListener('keydown', (event) => {
      if (!event.ctrlKey || !event.shiftKey || event.key.toLowerCase() !== 'l') return
      event.preventDefault()
      shared.panel.toggle()
    })
  }
}
