import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { client, kept, settle, tick } from './fake.js'

const rows = (...ids) => ids.map((id) => ({ id, text: id }))
const ids = (list) => list?.map((r) => r.id).join('')
const snap = (id, s, v, extra) => ({ t: 'snap', id, c: 1, e: 'E', s, v, ...extra })
const diff = (s, ...v) => ({ t: 'ev', c: 1, s, k: 'diff', v })

/** A live stream with a reader, and all that the reader has seen. */
async function following({ row, more, k, ...options } = {}) {
  const { live, server } = await client(options)
  const messages = live.streams('chat/messages', live.diff({ key: ['id'], row }))
  const store = messages('lobby')
  const seen = []
  const stop = store.subscribe((v) => seen.push(v))
  await settle() // a token is asked for
  await server.accept({ k })
  await server.say(snap(1, 41, rows('a', 'b'), more && { more: true }))
  return { live, server, messages, store, seen, stop }
}

test('a stream subscribes once for all its readers and unsubscribes after the last', async () => {
  const { live, server } = await client()
  const messages = live.streams('chat/messages', live.diff())
  const store = messages('lobby')
  assert.equal(store.status, 'idle')
  assert.equal(messages('lobby'), store)
  assert.notEqual(messages('other'), store)
  const seen = []
  const stops = [store.subscribe((v) => seen.push(v)), messages('lobby').subscribe(() => {})]
  assert.equal(store.status, 'loading')
  await server.accept()
  assert.deepEqual(server.heard(), [{ t: 'sub', id: 1, m: 'chat/messages', a: ['lobby'] }])
  await server.say(snap(1, 41, rows('a')))
  assert.deepEqual(seen, [undefined, rows('a')])
  assert.deepEqual([store.current, store.status], [rows('a'), 'live'])
  stops[0]()
  stops[0]()
  await settle()
  assert.equal(store.status, 'live')
  stops[1]()
  const again = store.subscribe(() => {})
  await settle()
  assert.equal(server.heard().length, 1, 'a reader that comes in the same turn keeps it')
  again()
  await settle()
  assert.deepEqual(server.heard().at(-1), { t: 'unsub', id: 1 })
  assert.equal(store.status, 'idle')
  assert.notEqual(messages('lobby'), store, 'it is dropped with its last reader')
  assert.deepEqual(store.current, rows('a'))
})

test('arguments differ by type, and records by their fields', async () => {
  const { live } = await client()
  const f = live.streams('a/s', live.set())
  assert.notEqual(f(1), f('1'))
  assert.equal(f({ a: 1, b: [{ d: 1, c: 2 }] }), f({ b: [{ c: 2, d: 1 }], a: 1 }))
  assert.equal(f('x', undefined), f('x'))
})

test('operations are applied in order; the reader is notified once for each frame', async () => {
  const { server, store, seen } = await following()
  const before = store.current
  await server.say(diff(42, ['+', 0, { id: 'c', text: 'c' }], ['>', 0, 2]), diff(43, ['~', 1, { text: 'B' }], ['-', 0]))
  assert.deepEqual(store.current, [
    { id: 'b', text: 'B' },
    { id: 'c', text: 'c' },
  ])
  assert.equal(seen.length, 3)
  assert.deepEqual(before, rows('a', 'b'), 'what was given out stays as it was')
})

test('a row that does not change stays the same object', async () => {
  const { server, store } = await following()
  const [a] = store.current
  await server.say(diff(42, ['~', 1, { text: 'B' }]))
  assert.equal(store.current[0], a)
})

test('events that it already has are ignored; after a gap it subscribes anew', async () => {
  const { server, store } = await following()
  await server.say(diff(41, ['-', 0]), diff(40, ['-', 0]))
  assert.equal(ids(store.current), 'ab')
  await server.say(diff(43, ['-', 0]), diff(44, ['-', 0]))
  assert.deepEqual(server.heard(1), [
    { t: 'unsub', id: 1 },
    { t: 'sub', id: 2, m: 'chat/messages', a: ['lobby'] },
  ])
  assert.deepEqual([ids(store.current), store.status], ['ab', 'stale'])
  await server.say(snap(1, 50, rows('x')))
  assert.equal(ids(store.current), 'ab', 'what comes for the old subscription is too late')
  await server.say(snap(2, 44, rows('z')), diff(45, ['+', 1, { id: 'y' }]))
  assert.deepEqual([ids(store.current), store.status], ['zy', 'live'])
})

for (const [name, op] of Object.entries({
  'a position outside': ['-', 2],
  'an unknown operation': ['?', 0],
  'no operation': null,
  'a move outside': ['>', 0, 2],
}))
  test(`after an event that cannot be applied it subscribes anew: ${name}`, async () => {
    const { server, store } = await following()
    await server.say(diff(42, op))
    assert.deepEqual(
      server.heard(1).map((m) => [m.t, m.at]),
      [
        ['unsub', undefined],
        ['sub', undefined],
      ],
    )
    assert.equal(store.status, 'stale')
  })

test('after a loss the old data stays, and the stream goes on from where it was', async () => {
  const { server, store, seen } = await following()
  await server.close()
  assert.deepEqual([ids(store.current), store.status], ['ab', 'stale'])
  await tick(500)
  await server.accept()
  assert.deepEqual(server.heard(), [{ t: 'sub', id: 2, m: 'chat/messages', a: ['lobby'], at: { e: 'E', s: 41 } }])
  await server.say({ t: 'live', id: 2, c: 9, e: 'E', s: 41 }, { ...diff(42, ['-', 0]), c: 9 })
  assert.deepEqual([ids(store.current), store.status], ['b', 'live'])
  assert.ok(seen.slice(1).every((v) => v.length))
})

test('a reader that comes back goes on from where it was', async () => {
  const { server, store, stop } = await following()
  stop()
  await settle()
  store.subscribe(() => {})
  await settle()
  assert.deepEqual(server.heard(2), [{ t: 'sub', id: 2, m: 'chat/messages', a: ['lobby'], at: { e: 'E', s: 41 } }])
  assert.deepEqual([ids(store.current), store.status], ['ab', 'stale'])
})

test('offsets of an earlier session are not used', async () => {
  const { live, server, store, messages, stop } = await following()
  const other = messages('other')
  const leave = other.subscribe(() => {})
  await server.say({ ...snap(2, 7, rows('o')), c: 2 })
  leave()
  await settle()
  live.reconnect()
  await server.accept()
  other.subscribe(() => {})
  await settle()
  assert.deepEqual(
    server.heard().map((m) => [m.a[0], m.at]),
    [
      ['lobby', undefined],
      ['other', undefined],
    ],
  )
  assert.deepEqual([store.status, store.current, other.current], ['loading', undefined, undefined])
  stop()
})

test('what one user was sent is not shown to the next', async () => {
  const { server, store, messages, stop } = await following()
  const other = messages('other')
  const leave = other.subscribe(() => {})
  await server.say({ ...snap(2, 7, rows('o')), c: 2 })
  leave()
  await settle()
  await server.close(4004, 'The session ended')
  assert.deepEqual([store.status, store.current, other.current], ['loading', undefined, undefined]) // also while nobody answers
  await server.accept()
  await server.say(snap(server.heard()[0].id, 3, rows('n')))
  assert.deepEqual(ids(store.current), 'n')
  const seen = []
  const end = other.subscribe((value) => seen.push(value))
  assert.deepEqual(seen, [undefined])
  end()
  stop()
})

test('with a token that is renewed for the same user what was sent stays in view, and goes with another user', async () => {
  const { server, store, stop } = await following({ token: () => 'a', k: 'ann' })
  await server.close(4004, 'The token has run out')
  assert.equal(store.status, 'stale')
  await settle()
  await server.accept({ k: 'ann' })
  assert.equal(ids(store.current), 'ab')
  await server.close(4004, 'The token has run out')
  await tick(1000)
  await server.accept({ k: 'bob' })
  assert.deepEqual([store.status, store.current], ['loading', undefined])
  stop()
})

test('resync: what comes before the new snapshot is not applied', async () => {
  const { server, store } = await following()
  await server.say({ t: 'resync', c: 1 }, diff(60, ['-', 0]))
  assert.deepEqual([ids(store.current), store.status], ['ab', 'stale'])
  await server.say(snap(1, 60, rows('n')), diff(61, ['+', 1, { id: 'm' }]))
  assert.deepEqual([ids(store.current), store.status, server.heard().length], ['nm', 'live', 1])
})

test('several streams may share a topic', async () => {
  const { live, server } = await client()
  const f = live.streams('a/s', live.diff())
  const [one, two] = [f(1), f(2)]
  one.subscribe(() => {})
  two.subscribe(() => {})
  await server.accept()
  await server.say(snap(1, 5, rows('a')), diff(6, ['+', 0, { id: 'b' }]), snap(2, 6, rows('b', 'a')), diff(7, ['+', 0, { id: 'c' }]))
  assert.deepEqual([ids(one.current), ids(two.current)], ['cba', 'cba'])
})

test('one event may stand for several', async () => {
  const { server, store } = await following()
  await server.say({ ...diff(45, ['-', 0]), f: 40 })
  assert.equal(ids(store.current), 'b')
  await server.say({ ...diff(50, ['-', 0]), f: 46 })
  assert.deepEqual([ids(store.current), store.status], ['b', 'stale'])
})

test('a subscription that moves to another topic follows that one alone', async () => {
  const { server, store } = await following()
  await server.say({ ...snap(1, 3, rows('x')), c: 2 }, diff(42, ['-', 0]), { ...diff(4, ['+', 0, { id: 'y' }]), c: 2 })
  assert.equal(ids(store.current), 'yx')
})

test('an error takes the data away, and is shown in its place', async () => {
  const { live, server, store, seen } = await following()
  await server.say({ t: 'end', id: 1, code: 'FORBIDDEN', message: 'Not a member' })
  assert.deepEqual([store.current, store.status, store.error.code], [undefined, 'error', 'FORBIDDEN'])
  assert.ok(seen.at(-1).error instanceof live.RpcError)
  assert.deepEqual([...seen.at(-1)], [], 'it can be gone through like the list')
  await server.say(diff(42, ['-', 0]))
  assert.equal(store.current, undefined)
  live.reconnect() // as somebody who may
  await server.accept()
  await server.say(snap(2, 1, rows('a')))
  assert.deepEqual([ids(store.current), store.status, store.error], ['a', 'live', undefined])
})

test('a refused subscription opens later if the server says that it waits', async () => {
  const { live, server, store } = await following()
  const refused = live.stream('a/refused', live.diff())
  const stop = refused.subscribe(() => {})
  await settle()
  const wait = { code: 'FORBIDDEN', message: 'Not a member', wait: true }
  await server.say({ t: 'err', id: 2, ...wait }, { t: 'end', id: 1, ...wait })
  for (const s of [store, refused]) assert.deepEqual([s.current, s.status, s.error.code], [undefined, 'error', 'FORBIDDEN'])
  await server.say({ ...snap(2, 3, rows('x')), c: 2 }, snap(1, 50, rows('b')), diff(51, ['+', 0, { id: 'c' }]))
  assert.deepEqual([ids(store.current), store.status, store.error], ['cb', 'live', undefined])
  assert.deepEqual([ids(refused.current), refused.status, refused.error], ['x', 'live', undefined])
  await server.say({ t: 'end', id: 2, ...wait })
  await tick(20_000)
  assert.equal(server.heard().length, 2, 'nothing is asked for again')
  stop()
  await settle()
  assert.deepEqual(server.heard().slice(2), [{ t: 'unsub', id: 2 }])

  // Over another connection it is asked for anew, without a place.
  await server.say({ t: 'end', id: 1, ...wait })
  await server.close()
  await tick(60_000)
  await server.accept()
  assert.deepEqual(server.heard()[0], { t: 'sub', id: 3, m: 'chat/messages', a: ['lobby'] })
})

test('a temporary error keeps the data, and the stream tries again', async () => {
  const { server, store } = await following()
  await server.say({ t: 'end', id: 1, code: 'UNAVAILABLE', message: 'busy' })
  assert.deepEqual([ids(store.current), store.status, store.error.code], ['ab', 'stale', 'UNAVAILABLE'])
  await tick(1125)
  assert.deepEqual(server.heard().at(-1).at, undefined)
  await server.say({ t: 'err', id: 2, code: 'RATE_LIMITED', message: 'slow down', retryAfter: 8 })
  await tick(8000)
  assert.equal(server.heard().length, 2)
  await tick(1000)
  await server.say(snap(3, 9, rows('c')))
  assert.deepEqual([ids(store.current), store.status, store.error], ['c', 'live', undefined])
})

test('a closed gate sends nothing, and opens later', async () => {
  const { live, server } = await client()
  const seen = []
  const beta = live.stream('a/beta', live.diff())
  beta.subscribe((v) => seen.push(v))
  await server.accept()
  await server.say({ t: 'off', id: 1 })
  assert.deepEqual([beta.current, beta.status, beta.error, seen.at(-1)], [undefined, 'off', undefined, undefined])
  await server.say(snap(1, 1, rows('a')))
  assert.deepEqual([ids(beta.current), beta.status], ['a', 'live'])
  await server.say({ t: 'off', id: 1 })
  assert.deepEqual([beta.current, seen.at(-1)], [undefined, undefined])
})

test('ready gives the first value and leaves nothing behind', async () => {
  const { live, server } = await client()
  const count = live.stream('a/count', live.set())
  const ready = count.ready
  await server.accept()
  await server.say({ t: 'snap', id: 1, c: 1, e: 'E', s: 1, v: 0 })
  assert.equal(await ready, 0)
  await settle()
  assert.deepEqual(server.heard().at(-1), { t: 'unsub', id: 1 })
  assert.equal(await count.ready, 0)
  const refused = kept(live.stream('a/none', live.set()).ready)
  await settle()
  await server.say({ t: 'err', id: 2, code: 'NOT_FOUND', message: 'no' })
  await assert.rejects(refused, { code: 'NOT_FOUND' })
})

test('values with times are read in snapshots and in all events', async () => {
  const { live, server } = await client()
  const T = '1970-01-01T00:00:00.000Z'
  const store = live.stream('a/s', live.diff({ key: ['id'], row: live.record({ at: live.time }) }))
  store.subscribe(() => {})
  await server.accept()
  await server.say(
    snap(1, 1, [
      { id: 'a', at: T },
      { id: 'b', at: null },
    ]),
    diff(2, ['+', 0, { id: 'c', at: T }], ['~', 2, { at: T }], ['~', 1, { x: 1 }]),
  )
  assert.deepEqual(store.current, [
    { id: 'c', at: new Date(0) },
    { id: 'a', at: new Date(0), x: 1 },
    { id: 'b', at: new Date(0) },
  ])
})

test('pages: loaded on demand, once at a time, and again after a loss without showing less', async () => {
  const { server, store, seen } = await following({ more: true })
  assert.equal(store.hasMore, true)
  const both = [store.loadMore(), store.loadMore()]
  await settle()
  assert.deepEqual(server.heard(1), [{ t: 'more', id: 1 }])
  await server.say(snap(1, 41, rows('a', 'b', 'c', 'd'), { more: true }))
  assert.deepEqual(await Promise.all(both), [true, false], 'the second call waits for the first, and loads nothing itself')
  assert.equal(ids(store.current), 'abcd')
  await server.close()
  await tick(500)
  await server.accept()
  const count = seen.length
  await server.say(snap(2, 1, rows('b', 'c'), { e: 'F', more: true }))
  assert.deepEqual(server.heard().at(-1), { t: 'more', id: 2 })
  assert.deepEqual([ids(store.current), seen.length], ['abcd', count])
  await server.say(snap(2, 1, rows('b', 'c', 'd', 'e'), { e: 'F' }), diff(2, ['-', 0]))
  assert.deepEqual([ids(store.current), store.hasMore], ['cde', false])
  assert.equal(await store.loadMore(), false)
})

test('hydrate shows a value until the live one is there', async () => {
  const { live, server } = await client()
  const messages = live.streams('chat/messages', live.diff({ row: live.record({ at: live.time }) }))
  const given = [{ id: 'a', at: '1970-01-01T00:00:00.000Z' }]
  const store = messages('lobby').hydrate(given)
  assert.equal(store, messages('lobby'))
  assert.deepEqual([store.current, store.status], [[{ id: 'a', at: new Date(0) }], 'stale'])
  assert.equal(typeof given[0].at, 'string', 'what was given stays as it was')
  store.subscribe(() => {})
  assert.equal(store.status, 'stale')
  await server.accept()
  assert.equal(server.heard()[0].at, undefined)
  await server.say(snap(1, 1, rows('b')))
  store.hydrate(given)
  assert.equal(ids(store.current), 'b', 'a live value is not replaced')
})

test('on a server each request has its own object, and load reads with its cookies', async () => {
  const requests = []
  const fetch = async (url, init) => (requests.push([url, init]), Response.json({ value: [{ id: 'a', at: '1970-01-01T00:00:00.000Z' }] }))
  const { live, server } = await client({ WebSocket: undefined, url: 'http://127.0.0.1:9', fetch })
  const messages = live.streams('chat/messages', live.diff({ row: live.record({ at: live.time }) }))
  const event = { fetch: () => assert.fail('it sends an Origin'), request: new Request('http://x', { headers: { cookie: 'live=1' } }) }
  const data = await messages('a&b').load(event)
  assert.deepEqual(data, [{ id: 'a', at: new Date(0) }])
  assert.equal(requests[0][0], 'http://127.0.0.1:9/_live/stream/chat/messages?args=%5B%22a%26b%22%5D')
  assert.deepEqual(requests[0][1].headers, { cookie: 'live=1' })
  await messages('a').load({ fetch })
  assert.equal(requests[1][0], '/_live/stream/chat/messages?args=%5B%22a%22%5D')
  const all = live.stream('chat/all', live.diff())
  const mine = all.hydrate(data)
  assert.notEqual(mine, all)
  assert.deepEqual([all.current, mine.current], [undefined, data])
  const seen = []
  mine.subscribe((v) => seen.push(v))()
  assert.deepEqual(seen, [data])
  await assert.rejects(all.ready, { code: 'DISCONNECTED' })
  assert.equal(server.sockets.length, 0)
})

test('a listener that throws does not keep the others from hearing', async () => {
  const { server, store } = await following()
  const error = mock.method(console, 'error', () => {})
  let first = true
  store.subscribe(() => {
    if (!first) throw new Error('mine')
    first = false
  })
  const seen = []
  store.subscribe((v) => seen.push(ids(v)))
  await server.say(diff(42, ['-', 0]))
  assert.deepEqual([seen.at(-1), error.mock.calls.map((c) => c.arguments[0].message)], ['b', ['mine']])
  error.mock.restore()
})

test('the last page, and its rows, are there when loadMore resolves', async () => {
  const { server, store, seen } = await following({ more: true })
  const loading = store.loadMore().then((ok) => [ok, ids(seen.at(-1))])
  await settle()
  await server.say(snap(1, 41, rows('a', 'b', 'c'), { more: true }))
  assert.deepEqual(await loading, [true, 'abc'])
  const last = store.loadMore()
  await settle()
  await server.say(snap(1, 41, rows('a', 'b', 'c')))
  assert.equal(await last, false, 'the rows of the next page are gone')
  assert.equal(await store.loadMore(), false)
})

test('a page that a limit refuses: loadMore rejects, and the pages before it stay', async () => {
  const { server, store, seen } = await following({ more: true })
  const refused = { code: 'OVERLOADED', message: 'no memory', retryAfter: 3 }
  const both = [store.loadMore(), store.loadMore()].map(kept)
  await settle()
  await server.say(snap(1, 41, rows('a', 'b'), { more: true, refused }))
  for (const loading of both) await assert.rejects(loading, { name: 'RpcError', ...refused })
  assert.deepEqual([ids(store.current), store.status, store.error, store.hasMore], ['ab', 'live', undefined, true])
  const loading = store.loadMore()
  await settle()
  await server.say(snap(1, 41, rows('a', 'b', 'c'), { more: true }))
  assert.equal(await loading, true)
  await server.close()
  await tick(500)
  await server.accept()
  const count = seen.length
  await server.say(snap(2, 1, rows('a', 'b'), { e: 'F', more: true }))
  assert.deepEqual([server.heard().at(-1), seen.length], [{ t: 'more', id: 2 }, count])
  await server.say(snap(2, 1, rows('a', 'b'), { e: 'F', more: true, refused }))
  assert.deepEqual([ids(store.current), server.heard().length], ['ab', 2], 'it asks no more')
})

test('retry subscribes again after an error', async () => {
  const { live, server, store } = await following()
  store.retry()
  await settle()
  assert.equal(server.heard().length, 1, 'there is no error')
  await server.say({ t: 'end', id: 1, code: 'INTERNAL', message: 'no' })
  await assert.rejects(store.ready, { code: 'INTERNAL' })
  store.retry()
  assert.deepEqual([store.status, store.error], ['loading', undefined])
  const ready = store.ready
  await settle()
  assert.deepEqual(server.heard().at(-1), { t: 'sub', id: 2, m: 'chat/messages', a: ['lobby'] })
  await server.say(snap(2, 1, rows('x')))
  assert.equal(ids(await ready), 'x')

  await server.say({ t: 'end', id: 2, code: 'FORBIDDEN', message: 'no', wait: true })
  live.combine(store, (v) => v).retry()
  await settle()
  assert.deepEqual(
    server
      .heard()
      .slice(-2)
      .map((m) => m.t),
    ['unsub', 'sub'],
  )
  await server.close(4500, 'old')
  assert.equal(live.connection.current.state, 'closed')
  store.when(true).retry()
  assert.equal(live.connection.current.state, 'connecting', 'a connection that is closed for good is opened anew')
})

test('a stream that failed and is left starts anew', async () => {
  const { live, server } = await client()
  const store = live.stream('a/s', live.set())
  const stop = store.subscribe(() => {})
  await server.accept()
  await server.say({ t: 'err', id: 1, code: 'INTERNAL', message: 'no' })
  stop()
  await settle()
  const ready = store.ready
  await settle()
  await server.say({ t: 'snap', id: 2, c: 1, e: 'E', s: 1, v: 5 })
  assert.equal(await ready, 5)
})

test('a stream whose gate is closed can be loaded and hydrated', async () => {
  const off = async () => Response.json({ value: null, off: true })
  for (const options of [{ fetch: off }, { fetch: off, WebSocket: undefined }]) {
    const { live } = await client(options)
    for (const make of [live.diff({ row: live.record({ at: live.time }) }), live.crud(), live.set(), live.presence()]) {
      const gated = live.stream('a/s', make)
      const value = await gated.load()
      const shown = gated.hydrate(value)
      assert.deepEqual([value, shown.current, shown.status], [undefined, undefined, 'off'])
    }
    const list = live.stream('a/s', live.diff()).hydrate(null) // JSON has no undefined
    assert.deepEqual([list.current, list.status], [undefined, 'off'])
    const maybe = live.stream('a/s', live.set()).hydrate(null)
    assert.deepEqual([maybe.current, maybe.status], [null, 'stale'])
  }
})

test('events say whether there are further pages', async () => {
  const { live, server } = await client()
  const list = live.streams('a/list', live.diff({ key: ['id'] }))()
  const stop = list.subscribe(() => {})
  await server.accept()
  const { id } = server.heard().find((m) => m.t === 'sub')
  await server.say({ t: 'snap', id, c: 1, e: 'e', s: 0, v: [] })
  assert.equal(list.hasMore, false)
  await server.say({ t: 'ev', c: 1, s: 1, k: 'diff', v: [['+', 0, { id: 'a' }]], more: true })
  assert.equal(list.hasMore, true)
  await server.say({ t: 'ev', c: 1, s: 2, k: 'diff', v: [['~', 0, { n: 1 }]] })
  assert.equal(list.hasMore, true, 'an event that does not say it changes nothing')
  await server.say({ t: 'ev', c: 1, s: 3, k: 'diff', v: [], more: false })
  assert.equal(list.hasMore, false)
  assert.deepEqual(list.value ?? list.current, [{ id: 'a', n: 1 }])
  stop()
})
