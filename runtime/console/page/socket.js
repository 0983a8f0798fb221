// One connection to the server: calls, subscriptions, and coming back after a loss. docs/protocol.md is what it speaks.

import { applyEvent, parseMerge, start } from './merge.js'

const VERSION = 1
const SUBPROTOCOL = 'live.v1'
const FIRST_DELAY = 250 // ms before the first attempt to come back; doubled up to the last
const LAST_DELAY = 8000
const CALL_TIMEOUT = 40_000 // ms; the server's own limit is 30 s unless an entry point says otherwise

/** A call that failed: `code`, `message`, and perhaps `issues` and `retryAfter`. */
export class CallError extends Error {
  constructor({ code, message, issues = [], retryAfter = 0 }) {
    super(message)
    this.code = code
    this.issues = issues
    this.retryAfter = retryAfter
  }
}

/** The address of the WebSocket of a page's server. */
export const socketAddress = (location) => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/_live/ws`

/** A UUIDv7 (RFC 9562 §5.7): it names a call across retries. */
export function uuid7(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(16))) {
  const b = random
  for (let i = 0; i < 6; i++) b[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256
  b[6] = 0x70 | (b[6] & 0x0f)
  b[8] = 0x80 | (b[8] & 0x3f)
  const hex = Array.from(b, (n) => n.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** One watched stream. `value` is undefined until data has come; `state` is waiting, live, stale, off, error or ended. */
class Subscription {
  constructor(path, args, merge, changed) {
    this.path = path
    this.args = args
    this.merge = parseMerge(merge)
    this.changed = changed
    this.id = 0
    this.topic = 0
    this.seq = 0
    this.value = undefined
    this.state = 'waiting'
    this.error = null
  }
}

export class Connection {
  #url
  #hash
  #onState
  #socket = null
  #greeted = false
  #nextId = 1
  #calls = new Map() // id → { resolve, reject, timer, text, sent }
  #subs = new Set()
  #byId = new Map() // id → subscription
  #listeners = new Set() // of signals
  #delay = FIRST_DELAY
  #retry = 0
  #heartbeat = 0
  #heard = 0

  /** onState is told { state: connecting | connected | waiting | closed, detail }. */
  constructor(url, hash, onState) {
    this.#url = url
    this.#hash = hash
    this.#onState = onState
  }

  /** Opens the connection. It stays open, and comes back, until the server says otherwise. */
  open() {
    clearTimeout(this.#retry)
    this.#onState({ state: 'connecting' })
    const socket = new WebSocket(this.#url, SUBPROTOCOL)
    this.#socket = socket
    this.#greeted = false
    socket.onopen = () => socket.send(JSON.stringify({ t: 'hello', v: VERSION, h: this.#hash }))
    socket.onmessage = (e) => {
      if (socket !== this.#socket || typeof e.data !== 'string') return
      this.#heard = Date.now()
      const frame = JSON.parse(e.data)
      for (const m of Array.isArray(frame) ? frame : [frame]) this.#message(m)
    }
    socket.onclose = (e) => socket === this.#socket && this.#lost(e)
  }

  /** Leaves the present connection and opens another one: the caller is someone else now. */
  reopen() {
    const old = this.#socket
    this.#socket = null
    old?.close(1000)
    this.#drop('the connection was opened anew')
    this.#delay = FIRST_DELAY
    this.open()
  }

  /** Calls an rpc. It waits for the connection where there is none. */
  call(path, args) {
    return this.#ask({ t: 'call' }, path, args, { k: uuid7() })
  }

  /** Publishes an entry into a writable channel or a part of a room: with an event of its merge. */
  publish(path, args, event, entry) {
    return this.#ask({ t: 'pub' }, path, args, { k: event, v: entry })
  }

  #ask(kind, path, args, rest) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      const timer = setTimeout(() => this.#settle(id)?.reject(new CallError({ code: 'TIMEOUT', message: 'No answer came in time' })), CALL_TIMEOUT)
      const call = { resolve, reject, timer, sent: false, text: JSON.stringify({ ...kind, id, m: path, a: args, ...rest }) }
      this.#calls.set(id, call)
      this.#transmit(call)
    })
  }

  /** Watches a stream, a channel or a part of a room, with its merge as the contract writes it; changed is called after each change of what it gives back. */
  watch(path, args, merge, changed) {
    const sub = new Subscription(path, args, merge, changed)
    this.#subs.add(sub)
    this.#subscribe(sub)
    return sub
  }

  /** Has listener(path, args) called for each signal, until the function it gives is called. */
  onSignal(listener) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Ends a watch. */
  unwatch(sub) {
    this.#subs.delete(sub)
    this.#leave(sub)
  }

  #transmit(call) {
    if (!this.#greeted) return
    call.sent = true
    this.#socket.send(call.text)
  }

  #subscribe(sub) {
    if (!this.#greeted) return
    sub.id = this.#nextId++
    sub.topic = 0
    this.#byId.set(sub.id, sub)
    this.#socket.send(JSON.stringify({ t: 'sub', id: sub.id, m: sub.path, a: sub.args }))
  }

  #leave(sub) {
    if (!this.#byId.delete(sub.id)) return
    if (this.#greeted) this.#socket.send(JSON.stringify({ t: 'unsub', id: sub.id }))
  }

  #settle(id) {
    const call = this.#calls.get(id)
    if (!call) return undefined
    clearTimeout(call.timer)
    this.#calls.delete(id)
    return call
  }

  #message(m) {
    const sub = this.#byId.get(m.id)
    switch (m.t) {
      case 'hello':
        this.#welcome(m)
        break
      case 'ok':
        this.#settle(m.id)?.resolve(m.v)
        break
      case 'err':
        this.#settle(m.id)?.reject(new CallError(m))
        if (sub) this.#end(sub, 'error', m)
        break
      case 'snap':
        if (sub) this.#change(sub, { value: start(sub.merge, m.v), topic: m.c, seq: m.s, state: 'live', error: null }, { kind: 'snap', seq: m.s, data: m.v })
        break
      case 'live':
        if (sub) this.#change(sub, { topic: m.c, seq: m.s, state: 'live', error: null })
        break
      case 'off':
        if (sub) this.#change(sub, { value: undefined, topic: 0, state: 'off', error: null }, { kind: 'off' })
        break
      case 'end':
        if (sub) this.#end(sub, 'ended', m)
        break
      case 'ev':
        for (const s of this.#byId.values()) if (s.topic === m.c) this.#event(s, m)
        break
      case 'resync':
        for (const s of this.#byId.values()) if (s.topic === m.c) this.#change(s, { state: 'stale', topic: 0 }, { kind: 'resync' })
        break
      case 'sig':
        for (const listener of this.#listeners) listener(m.m, m.a)
        break
    }
  }

  #event(sub, m) {
    if (m.s <= sub.seq) return
    try {
      if ((m.f ?? m.s - 1) > sub.seq) throw new Error('events are missing')
      this.#change(sub, { value: applyEvent(sub.merge, sub.value, m.k, m.v), seq: m.s }, { kind: m.k, seq: m.s, data: m.v })
    } catch {
      this.#change(sub, { state: 'stale' }, { kind: m.k, seq: m.s, data: m.v })
      this.#leave(sub)
      this.#subscribe(sub)
    }
  }

  #change(sub, fields, event = null) {
    Object.assign(sub, fields)
    sub.changed(sub, event)
  }

  /** Ends a subscription, or, where the server says that it waits, what it shows: it opens by itself. */
  #end(sub, state, { code, message, wait }) {
    const error = { code, message }
    if (wait) return this.#change(sub, { state: 'refused', topic: 0, value: undefined, error }, { kind: 'refused', data: error })
    this.#byId.delete(sub.id)
    this.#subs.delete(sub)
    this.#change(sub, { state, error }, { kind: state, data: error })
  }

  #welcome(m) {
    this.#greeted = true
    this.#delay = FIRST_DELAY
    this.#onState({ state: 'connected', detail: m.h === this.#hash ? '' : 'the app has changed: reload this page' })
    clearInterval(this.#heartbeat)
    const every = m.hb > 0 ? m.hb : 25_000
    this.#heartbeat = setInterval(() => {
      if (Date.now() - this.#heard > 2 * every) this.#socket.close(4003)
      else this.#socket.send('{"t":"ping"}')
    }, every)
    for (const call of this.#calls.values()) this.#transmit(call)
    for (const sub of this.#subs) this.#subscribe(sub)
  }

  /** Ends what hung on a connection that is gone. Calls that were not sent yet wait for the next one. */
  #drop(reason) {
    this.#greeted = false
    clearInterval(this.#heartbeat)
    this.#byId.clear()
    for (const [id, call] of this.#calls) {
      if (call.sent) this.#settle(id).reject(new CallError({ code: 'DISCONNECTED', message: `No answer came: ${reason}` }))
    }
    for (const sub of this.#subs) if (sub.state === 'live') this.#change(sub, { state: 'stale', topic: 0 })
  }

  #lost({ code, reason }) {
    const detail = [code, reason].filter(Boolean).join(' ')
    this.#drop(reason || 'the connection was lost')
    if (code >= 4500 && code <= 4999) {
      this.#onState({ state: 'closed', detail })
      return
    }
    // Full jitter, so that many clients do not come back at the same instant.
    const wait = this.#delay / 2 + (Math.random() * this.#delay) / 2
    this.#delay = Math.min(this.#delay * 2, LAST_DELAY)
    this.#onState({ state: 'waiting', detail })
    this.#retry = setTimeout(() => this.open(), wait)
  }
}

/** Calls an rpc over HTTP: for those that set a cookie, and for those with bytes. */
export async function post(path, args) {
  let response
  try {
    response = await fetch(`/_live/rpc/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': uuid7() }, body: JSON.stringify(args) })
  } catch {
    throw new CallError({ code: 'DISCONNECTED', message: 'The server cannot be reached' })
  }
  const answer = await response.json()
  if (answer.error) throw new CallError(answer.error)
  return answer.value
}
