import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { client, settle, tick } from './fake.js'

test('attempts wait ever longer, with jitter, and begin anew after a good connection', async () => {
  const { live, server } = await client()
  const states = []
  live.connection.subscribe((s) => states.push(s.state))
  live.call('a/b', []).catch(() => {})
  await settle()
  for (const wait of [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
    const n = server.sockets.length
    await server.close()
    assert.equal(live.connection.current.retryAt - Date.now(), wait)
    await tick(wait - 1)
    assert.equal(server.sockets.length, n)
    await tick(1)
    assert.equal(server.sockets.length, n + 1)
  }
  await server.accept()
  await tick(5000)
  await server.close()
  assert.equal(live.connection.current.retryAt - Date.now(), 15_000, 'a short connection does not count')
  await tick(15_000)
  await server.accept()
  await tick(10_000)
  await server.close(4000, 'The server is stopping')
  assert.deepEqual(live.connection.current, { state: 'waiting', code: 4000, reason: 'The server is stopping', retryAt: Date.now() + 250 })
  assert.deepEqual([states[0], states[1], states.at(-1)], ['idle', 'connecting', 'waiting'])
})

test('an attempt that fails counts once, however it is reported', async () => {
  const { live, server } = await client()
  live.call('a/b', []).catch(() => {})
  const failed = server.last
  failed.onerror()
  failed.onclose({ code: 1006, reason: '' })
  await tick(250)
  assert.equal(server.sockets.length, 2)
  await server.accept()
  server.last.onerror()
  assert.equal(live.connection.current.state, 'open', 'once it is open, only a close event ends it')
})

test('silence is answered with a ping, and more of it with another connection', async () => {
  const { live, server } = await client()
  live.call('a/b', []).catch(() => {})
  await server.accept()
  await tick(25_000)
  assert.equal(server.heard().at(-1).t, 'ping')
  await server.say({ t: 'pong' })
  await tick(25_000)
  await server.say({ t: 'pong' })
  assert.equal(server.heard().filter((m) => m.t === 'ping').length, 2)
  const silent = server.last
  await tick(25_000)
  await tick(25_000)
  assert.ok(silent.closed)
  assert.equal(live.connection.current.code, 4003)
  await silent.onclose?.({ code: 1006, reason: '' }) // comes late, and changes nothing
  await tick(250)
  assert.equal(server.sockets.length, 2)
})

test('when the network may be back, nobody waits, and silence is noticed sooner', async () => {
  const on = {}
  globalThis.addEventListener = (name, listener) => (on[name] = listener)
  globalThis.document = { hidden: true, addEventListener: (name, listener) => (on[name] = listener) }
  const { live, server } = await client()
  live.call('a/b', []).catch(() => {})
  await server.close()
  on.visibilitychange()
  assert.equal(server.sockets.length, 1, 'the page is hidden')
  document.hidden = false
  on.visibilitychange()
  assert.equal(server.sockets.length, 2)
  await server.accept()
  on.online()
  await settle()
  assert.equal(server.heard().at(-1).t, 'ping')
  await server.say({ t: 'pong' })
  await tick(5000)
  assert.equal(live.connection.current.state, 'open')
  on.online()
  await tick(5000)
  assert.deepEqual([live.connection.current.state, live.connection.current.code], ['waiting', 4003])
  delete globalThis.addEventListener
  delete globalThis.document
})

test('hooks run on loss, before each attempt, and on return', async () => {
  const log = []
  let go
  const { live, server } = await client({
    onConnect: () => log.push('connect'),
    onDisconnect: (code, reason) => log.push(['disconnect', code, reason]),
    beforeReconnect: () => new Promise((resolve) => (log.push('before'), (go = resolve))),
  })
  live.call('a/b', []).catch(() => {})
  await server.accept()
  assert.deepEqual(log, [])
  await server.close(4002, 'overloaded')
  await tick(250)
  assert.equal(server.sockets.length, 1, 'it waits for the hook')
  go()
  await settle()
  assert.equal(server.sockets.length, 2)
  await server.close()
  await tick(500)
  go()
  await settle()
  await server.accept()
  assert.deepEqual(log, [['disconnect', 4002, 'overloaded'], 'before', 'before', 'connect'])
})

test('frames that are not ours reach onUnhandled', async () => {
  const frames = []
  const { live, server } = await client({ onUnhandled: (f) => frames.push(f) })
  live.call('a/b', []).catch(() => {})
  await server.accept()
  server.last.onmessage({ data: 'hey' })
  await server.say({ type: 'other' })
  await server.say({ t: 'toString' })
  await server.say(
    { t: 'ok', id: 99, v: 1, s: 0 },
    { t: 'snap', id: 98, c: 1, e: 'e', s: 1, v: [] },
    { t: 'ev', c: 7, s: 1, k: 'set', v: 1 },
  )
  await server.say(null)
  assert.deepEqual(frames, ['hey', '{"type":"other"}', '{"t":"toString"}', 'null'])
})

test('a message that belongs to no call is logged on the console', async () => {
  const { live, server } = await client()
  const warn = mock.method(console, 'warn', () => {})
  live.call('a/b', []).catch(() => {})
  await server.accept()
  await server.say({ t: 'err', id: 0, code: 'MALFORMED', message: 'no' })
  assert.equal(warn.mock.calls[0].arguments[0], 'Live: MALFORMED: no')
})

test('the address of the page gives that of the server', async () => {
  const { live, server } = await client({ url: undefined })
  for (const [page, url, want] of [
    ['https://app.example/rooms/1?a=b', undefined, 'wss://app.example/_live/ws'],
    ['http://localhost:5173/', 'https://api.example', 'wss://api.example/_live/ws'],
    ['http://localhost:5173/', 'ws://api.example/sub/_live/ws', 'ws://api.example/sub/_live/ws'],
    ['https://app.example/app/rooms/1', '/app', 'wss://app.example/app/_live/ws'],
    ['https://app.example/app/rooms/1', '/app/', 'wss://app.example/app/_live/ws'],
  ]) {
    globalThis.location = new URL(page)
    live.configure({ url })
    if (server.sockets.length) live.reconnect()
    else live.call('a/b', []).catch(() => {})
    assert.equal(server.last.url, want)
  }
  delete globalThis.location
})

test('a call reports how many connections its signals have reached', async () => {
  const { live, server } = await client()
  const ring = live.call('call/ring', ['bob'])
  const quiet = live.call('call/quiet', [])
  await server.accept()
  await server.say(
    { t: 'hello', v: 1, h: '', e: 'e', hb: 25_000, k: 'ada' },
    { t: 'ok', id: 1, v: 'x', s: 0, n: 2 },
    { t: 'ok', id: 2, v: null, s: 0 },
  )
  assert.deepEqual([await ring, await live.reached(ring), await live.reached(quiet)], ['x', 2, 0])
  assert.deepEqual(live.connection.current, { state: 'open', key: 'ada' })
})

test('signals reach those who listen, with their arguments read', async () => {
  const { live, server } = await client()
  const seen = []
  const ring = live.signal('call/ring', live.tuple(null, live.time))
  const stop = ring.on((who, at) => seen.push([who, at]))
  assert.equal(server.sockets.length, 1, 'listening connects')
  await server.accept()
  await server.say({ t: 'sig', m: 'call/ring', a: ['Ada', '1970-01-01T00:00:00.000Z'] })
  await server.say({ t: 'sig', m: 'call/other', a: [] })
  stop()
  await server.say({ t: 'sig', m: 'call/ring', a: ['Bob', '1970-01-01T00:00:00.000Z'] })
  assert.deepEqual(seen, [['Ada', new Date(0)]])
})

test('a hidden page, whose timers run once a minute, keeps its connection', async () => {
  const { live, server } = await client()
  live.call('a/b', []).catch(() => {})
  await server.accept()
  for (let minute = 0; minute < 5; minute++) {
    const pings = server.heard().filter((m) => m.t === 'ping').length
    await tick(60_000)
    assert.equal(server.heard().filter((m) => m.t === 'ping').length, pings + 1)
    await server.say({ t: 'pong' })
  }
  assert.deepEqual([server.sockets.length, live.connection.current.state], [1, 'open'])
  await tick(60_000)
  await tick(60_000)
  assert.equal(live.connection.current.state, 'open', 'an answer may wait to be read: there is a second ping')
  await server.say({ t: 'pong' })
  await tick(60_000)
  assert.equal(live.connection.current.state, 'open')
  for (let minute = 0; minute < 3; minute++) await tick(60_000)
  assert.equal(live.connection.current.code, 4003, 'the server is gone')
})

test('a connection that has answered makes the next attempt come soon, however short it was', async () => {
  const { live, server } = await client()
  live.call('a/b', []).catch(() => {})
  for (let i = 0; i < 8; i++) {
    await server.accept()
    await server.say({ t: 'ok', id: 1 + i, v: 1, s: 0 })
    await server.close()
    assert.equal(live.connection.current.retryAt - Date.now(), 250)
    live.call('a/b', []).catch(() => {})
    await tick(250)
  }
})

test('an empty LIVE_URL is none', async () => {
  const before = process.env.LIVE_URL
  for (const [value, want] of [
    ['', 'ws://127.0.0.1:8080/_live/ws'],
    ['http://other:1', 'ws://other:1/_live/ws'],
  ]) {
    process.env.LIVE_URL = value
    const { live, server } = await client({ url: undefined })
    live.call('a/b', []).catch(() => {})
    assert.equal(server.last.url, want)
  }
  if (before === undefined) delete process.env.LIVE_URL
  else process.env.LIVE_URL = before
})
