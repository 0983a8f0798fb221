import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mock, test } from 'node:test'
import { client, kept, settle, tick } from './fake.js'

const ids = (list) => list?.map((r) => r.id).join('')
const ev = (s, k, v) => ({ t: 'ev', c: 1, s, k, v })

/** A stream of rows a and b with a reader. */
async function following(
  make = (live) => live.crud(),
  value = [
    { id: 'a', n: 0 },
    { id: 'b', n: 0 },
  ],
) {
  const { live, server } = await client()
  const store = live.stream('a/s', make(live))
  const seen = []
  store.subscribe((v) => seen.push(v))
  await server.accept()
  await server.say({ t: 'snap', id: 1, c: 1, e: 'E', s: 1, v: value })
  return { live, server, store, seen }
}

test('an optimistic row is shown at once, and the real one takes its place', async () => {
  const { server, store, seen } = await following()
  const undo = store.optimistic('created', { id: 'c', n: 1 })
  assert.equal(ids(store.current), 'abc')
  await settle()
  assert.equal(ids(seen.at(-1)), 'abc')
  await server.say(ev(2, 'created', { id: 'c', n: 2 }))
  assert.deepEqual(store.current.at(-1), { id: 'c', n: 2 })
  assert.equal(store.current.length, 3)
  undo()
  assert.equal(ids(store.current), 'abc', 'what the server has confirmed cannot be taken back')
})

test('undoing one change leaves all others', async () => {
  const { server, store } = await following()
  const undo = store.optimistic('deleted', { id: 'a' })
  store.optimistic('updated', { id: 'b', n: 5 })
  await server.say(ev(2, 'created', { id: 'c', n: 2 }))
  assert.deepEqual(store.current, [
    { id: 'b', n: 5 },
    { id: 'c', n: 2 },
  ])
  undo()
  assert.deepEqual(store.current, [
    { id: 'a', n: 0 },
    { id: 'b', n: 5 },
    { id: 'c', n: 2 },
  ])
})

test('a change goes with the call that makes it', async () => {
  const { live, server, store } = await following()
  store.optimistic('created', { id: 'temporary', n: 1 }, live.call('a/add', [1]))
  store.optimistic('updated', { id: 'a', n: 9 }, live.call('a/set', [2]))
  await settle()
  await server.say(ev(2, 'updated', { id: 'a', n: 4 }))
  assert.equal(store.current[0].n, 9, 'another one changed the row meanwhile; ours is still to come')
  await server.say({ t: 'err', id: 3, code: 'CONFLICT', message: 'no' })
  assert.equal(store.current[0].n, 4)
  await server.say({ t: 'ok', id: 2, v: { id: 'c', n: 1 }, s: 3 })
  assert.equal(ids(store.current), 'abc', 'the row that the call gave')
  await server.say(ev(3, 'created', { id: 'c', n: 1 }))
  assert.equal(ids(store.current), 'abc')
  await tick(2000)
  assert.equal(ids(store.current), 'abc')
})

test('the row that a call makes is known by its id before the call is answered', async () => {
  const { live, server, store, seen } = await following()
  const digest = mock.method(crypto.subtle, 'digest', async (_, data) => Uint8Array.from(createHash('sha256').update(data).digest()).buffer)
  const add = live.rpc('a/add', { write: true })
  store.optimistic('created', { id: 'temporary', n: 1 }, add(1))
  await settle()
  digest.mock.restore()
  const [{ k }] = server.heard(1)
  const hash = createHash('sha256')
    .update(Buffer.from(k.replaceAll('-', '') + '00000000', 'hex'))
    .digest('hex')
  const variant = ((parseInt(hash.slice(0, 2), 16) & 0x3f) | 0x80).toString(16)
  const id = `${k.slice(0, 14)}7000-${variant}${hash.slice(2, 4)}-${hash.slice(4, 16)}`
  await server.say(ev(2, 'created', { id, n: 1 }))
  assert.deepEqual(store.current.at(-1), { id, n: 1 })
  await server.say({ t: 'ok', id: 2, v: { id, n: 1 }, s: 2 })
  await tick(2000)
  assert.ok(seen.every((rows) => !rows || rows.length <= 3))
  assert.equal(store.current.length, 3)
})

test('a confirmed change without an event is undone after a while', async () => {
  const { live, server, store } = await following()
  store.optimistic('created', { id: 't', n: 1 }, live.call('a/add', []))
  await settle()
  await server.say({ t: 'ok', id: 2, v: null, s: 3 })
  assert.equal(ids(store.current), 'abt')
  await tick(2000)
  assert.equal(ids(store.current), 'ab', 'the stream does not show such rows')
})

test('changes on top of a live stream go where their order says', async () => {
  const { server, store } = await following(
    (live) => live.diff({ key: ['id'], sort: live.by('-n', 'id') }),
    [
      { id: 'z', n: 9 },
      { id: 'a', n: 1 },
    ],
  )
  store.optimistic('created', { id: 'm', n: 5 })
  assert.equal(ids(store.current), 'zma')
  await server.say(ev(2, 'diff', [['+', 0, { id: 'm', n: 10 }]]))
  assert.equal(ids(store.current), 'mza')
  store.optimistic('updated', { id: 'a', n: 2 })
  store.optimistic('deleted', { id: 'z' })
  assert.equal(ids(store.current), 'ma')
  await server.say(
    ev(3, 'diff', [
      ['~', 2, { n: 3 }],
      ['-', 1],
    ]),
  )
  assert.deepEqual(store.current, [
    { id: 'm', n: 10 },
    { id: 'a', n: 3 },
  ])
})

test('optimism with the other merges', async () => {
  for (const [make, value, event, data, want] of [
    [(l) => l.crud(['id'], { prepend: true }), [{ id: 'a' }], 'created', { id: 'b' }, [{ id: 'b' }, { id: 'a' }]],
    [(l) => l.set(), 1, 'set', 2, 2],
    [(l) => l.set(), [1], 'set', [2], [2]],
    [(l) => l.presence(), [{ key: 'a' }], 'leave', { key: 'a' }, []],
    [(l) => l.presence(), [], 'join', { key: 'a' }, [{ key: 'a' }]],
    [(l) => l.cursor(), [{ key: 'a', x: 1 }], 'update', { key: 'a', x: 2 }, [{ key: 'a', x: 2 }]],
    [(l) => l.cursor(), [{ key: 'a', x: 1 }], 'remove', { key: 'a' }, []],
    [(l) => l.latest(5), [1], 'any', 2, [1, 2]],
  ]) {
    const { server, store } = await following(make, value)
    const undo = store.optimistic(event, data)
    assert.deepEqual(store.current, want)
    undo()
    assert.deepEqual(store.current, value)
    store.optimistic(event, data)
    await server.say(ev(2, event, data))
    assert.deepEqual(store.current, want, `${event}, confirmed`)
  }
})

test('undo and redo, over live and optimistic changes', async () => {
  const { server, store } = await following()
  store.enableHistory()
  assert.deepEqual([store.canUndo, store.canRedo], [false, false])
  await server.say(ev(2, 'created', { id: 'c', n: 0 }))
  await server.say(ev(3, 'deleted', { id: 'a' }))
  store.optimistic('updated', { id: 'b', n: 7 })
  await settle()
  assert.deepEqual([ids(store.current), store.current[0].n], ['bc', 7])
  for (const want of ['bc', 'abc', 'ab']) {
    assert.ok(store.canUndo)
    store.undo()
    await settle()
    assert.equal(ids(store.current), want)
  }
  assert.equal(store.canUndo, false)
  store.undo()
  for (const want of ['abc', 'bc', 'bc']) {
    store.redo()
    await settle()
    assert.equal(ids(store.current), want)
  }
  assert.deepEqual([store.canRedo, store.current[0].n], [false, 7])
  store.undo()
  store.undo()
  await server.say(ev(4, 'created', { id: 'd', n: 0 }))
  assert.deepEqual([ids(store.current), store.canRedo], ['abcd', false], 'what the server says applies on top')
  await server.say(ev(5, 'updated', { id: 'b', n: 8 }))
  assert.equal(store.current[1].n, 8, 'and wins')
})

test('history is bounded', async () => {
  const { server, store } = await following((live) => live.set(), 0)
  store.enableHistory(2)
  for (let i = 1; i <= 5; i++) await server.say(ev(i + 1, 'set', i))
  store.undo()
  store.undo()
  store.undo()
  assert.deepEqual([store.current, store.canUndo], [3, false])
})

test('when: a boolean, a store, a function', async () => {
  const { live, server } = await client()
  const all = live.streams('a/s', live.set())
  const off = []
  all(1)
    .when(false)
    .subscribe((v) => off.push(v))
  assert.deepEqual(off, [undefined])
  const listeners = new Set()
  const store = {
    value: false,
    subscribe: (run) => (run(store.value), listeners.add(run), () => listeners.delete(run)),
    set: (v) => ((store.value = v), listeners.forEach((l) => l(v))),
  }
  const seen = []
  const two = all(2)
  const stop = two.when(store).subscribe((v) => seen.push(v))
  await settle()
  assert.equal(server.sockets.length, 0, 'nothing is subscribed')
  store.set(true)
  await server.accept()
  await server.say({ t: 'snap', id: 1, c: 1, e: 'E', s: 1, v: 'x' })
  assert.equal(seen.at(-1), 'x')
  store.set(false)
  await settle()
  assert.deepEqual([seen.at(-1), server.heard().at(-1)], [undefined, { t: 'unsub', id: 1 }])
  stop()
  await settle()
  assert.equal(listeners.size, 0)

  let open = false
  const conditional = two.when(() => open)
  assert.deepEqual([conditional.current, conditional.status], [undefined, 'off'])
  open = true
  assert.deepEqual([conditional.current, conditional.status], ['x', 'idle'])
  conditional.subscribe(() => {})
  await settle()
  assert.equal(server.heard().at(-1).t, 'sub')
})

test('combine waits for all, follows each, and passes errors on', async () => {
  const { live, server } = await client()
  const f = live.streams('a/s', live.set())
  let runs = 0
  const sum = live.combine(f(1), f(2), f(3), (a, b, c) => (runs++, a + b + c))
  const seen = []
  const stop = sum.subscribe((v) => seen.push(v))
  await server.accept()
  const value = (id, v) => ({ t: 'snap', id, c: id, e: 'E', s: 1, v })
  await server.say(value(1, 1), value(2, 2))
  assert.deepEqual(seen, [undefined, undefined].slice(0, seen.length))
  await server.say(value(3, 4))
  assert.equal(seen.at(-1), 7)
  await server.say({ t: 'ev', c: 1, s: 2, k: 'set', v: 10 }, { t: 'ev', c: 2, s: 2, k: 'set', v: 20 })
  assert.deepEqual([seen.at(-1), sum.current, runs], [34, 34, 2])
  await server.say({ t: 'end', id: 2, code: 'FORBIDDEN', message: 'no' })
  assert.equal(seen.at(-1).error.code, 'FORBIDDEN')
  assert.equal(sum.error.code, 'FORBIDDEN')
  stop()
  await settle()
  assert.deepEqual(
    server
      .heard()
      .slice(-2)
      .map((m) => m.t),
    ['unsub', 'unsub'],
  )
})

test('a channel is read like a stream, and written', async () => {
  const { live, server } = await client()
  const typing = live.channels('chat/typing', live.presence())
  const mine = typing('lobby')
  mine.subscribe(() => {})
  await server.accept()
  await server.say({ t: 'snap', id: 1, c: 1, e: 'E', s: 1, v: [] })
  const said = mine.publish({ name: 'Ada' })
  await settle()
  assert.deepEqual(server.heard().at(-1), { t: 'pub', id: 2, m: 'chat/typing', a: ['lobby'], k: 'join', v: { name: 'Ada' } })
  assert.equal(server.last.frames.at(-1), '{"t":"pub","id":2,"m":"chat/typing","a":["lobby"],"k":"join","v":{"name":"Ada"}}')
  await server.say(
    { t: 'ok', id: 2, v: null, s: 0 },
    ev(2, 'join', [
      { key: 'u1', name: 'Ada' },
      { key: 'u2', name: 'Bob' },
    ]),
  )
  await said
  assert.deepEqual(mine.current, [
    { key: 'u1', name: 'Ada' },
    { key: 'u2', name: 'Bob' },
  ])
  mine.clear()
  await settle()
  assert.deepEqual(server.heard().at(-1), { t: 'pub', id: 3, m: 'chat/typing', a: ['lobby'], k: 'leave', v: null })
  live.channel('a/log', live.latest()).publish(1, 'said')
  await settle()
  assert.deepEqual(server.heard().at(-1), { t: 'pub', id: 4, m: 'a/log', a: [], k: 'said', v: 1 })
})

test('bytes are base64 in what is published, and in the arguments of streams', async () => {
  const { live, server } = await client()
  const voice = live.channels('chat/voice', live.latest())(new Uint8Array([255, 0]))
  voice.subscribe(() => {})
  await server.accept()
  assert.deepEqual(server.heard().at(-1), { t: 'sub', id: 1, m: 'chat/voice', a: ['/wA='] })
  voice.publish({ chunk: new Uint8Array([1, 2, 3]), at: new Date(0) }, 'said')
  await settle()
  assert.deepEqual(server.heard().at(-1), {
    t: 'pub',
    id: 2,
    m: 'chat/voice',
    a: ['/wA='],
    k: 'said',
    v: { chunk: 'AQID', at: '1970-01-01T00:00:00.000Z' },
  })
})

test('cursors send the last place of each frame', async () => {
  const { live, server } = await client()
  const frames = []
  globalThis.requestAnimationFrame = (f) => frames.push(f)
  const here = live.cursors('board/board.cursors', live.cursor())('b1')
  here.subscribe(() => {})
  await server.accept()
  here.move({ x: 1, y: 1 })
  here.move({ x: 2, y: 2 })
  await settle()
  assert.deepEqual([frames.length, server.heard().length], [1, 1])
  frames.shift()()
  here.move({ x: 3, y: 3 })
  frames.shift()()
  await settle()
  assert.deepEqual(
    server.heard(1).map((m) => [m.id, m.m, m.a, m.k, m.v]),
    [2, 3].map((n) => [undefined, 'board/board.cursors', ['b1'], 'update', { x: n, y: n }]),
  )
  delete globalThis.requestAnimationFrame
})

test('reactive readers and stores share one subscription', async () => {
  const { live, server } = await client()
  const starts = []
  live.reactive((start) => {
    let stop
    const track = () => {
      if (!stop) {
        const end = start(() => track.updates++)
        stop = () => (end(), (stop = undefined))
        starts.push(() => stop?.())
      }
    }
    track.updates = 0
    starts.track = track
    return track
  })
  const s = live.stream('a/s', live.set())
  assert.equal(s.current, undefined)
  s.subscribe(() => {})()
  await server.accept()
  await settle()
  assert.equal(server.heard().length, 1)
  await server.say({ t: 'snap', id: 1, c: 1, e: 'E', s: 1, v: 5 })
  assert.deepEqual([s.current, s.status, s.error, s.hasMore], [5, 'live', undefined, false])
  assert.equal(starts.track.updates, 1)
  starts.forEach((stop) => stop())
  await settle()
  assert.equal(server.heard().at(-1).t, 'unsub')
})

test('undo does not bring back what the server has refused', async () => {
  const { live, server, store } = await following()
  store.enableHistory()
  store.optimistic('created', { id: 'c', n: 1 }, kept(live.call('a/add', [1])))
  await settle()
  assert.ok(store.canUndo)
  await server.say({ t: 'err', id: 2, code: 'CONFLICT', message: 'no' })
  assert.deepEqual([ids(store.current), store.canUndo, store.canRedo], ['ab', false, false])
  store.undo()
  store.redo()
  await settle()
  assert.equal(ids(store.current), 'ab')

  store.optimistic('updated', { id: 'a', n: 9 }, kept(live.call('a/set', [2])))
  await settle()
  await server.say(ev(2, 'created', { id: 'd', n: 0 }))
  await server.say({ t: 'err', id: 3, code: 'CONFLICT', message: 'no' })
  assert.deepEqual([ids(store.current), store.current[0].n], ['abd', 0])
  store.undo()
  await settle()
  assert.deepEqual([ids(store.current), store.current[0].n, store.canUndo], ['ab', 0, false])
  store.redo()
  await settle()
  assert.deepEqual([ids(store.current), store.current[0].n], ['abd', 0])
})

test('history is forgotten with the last reader, and can pause', async () => {
  const { server, store } = await following((live) => live.set(), 0)
  store.enableHistory()
  await server.say(ev(2, 'set', 1))
  assert.ok(store.canUndo)
  store.pause()
  for (let i = 2; i <= 5; i++) await server.say(ev(i + 1, 'set', i))
  store.resume()
  await settle()
  store.undo()
  assert.equal(store.current, 1, 'all that changed in between is one step')
  store.redo()
  assert.equal(store.current, 5)
  store.pause()
  await server.say(ev(7, 'set', 6))
  store.undo()
  assert.equal(store.current, 5, 'undo ends a pause, and what is shown is a step')

  const other = await following()
  const stop = other.store.enableHistory().subscribe(() => {})
  await other.server.say(ev(2, 'deleted', { id: 'a' }))
  assert.ok(other.store.canUndo)
  stop()
  await settle()
  assert.ok(other.store.canUndo, 'another reader is left')
})

test('a stream that is left and read again has no history', async () => {
  const { live, server } = await client()
  const store = live.stream('a/s', live.set()).enableHistory()
  const stop = store.subscribe(() => {})
  await server.accept()
  await server.say({ t: 'snap', id: 1, c: 1, e: 'E', s: 1, v: 0 }, ev(2, 'set', 1))
  await server.say(ev(3, 'set', 2))
  assert.ok(store.canUndo)
  stop()
  await settle()
  assert.deepEqual([store.canUndo, store.canRedo], [false, false])
  store.subscribe(() => {})
  await settle()
  await server.say({ t: 'live', id: 2, c: 1, e: 'E', s: 3 })
  assert.equal(store.canUndo, false)
  await server.say(ev(4, 'set', 3))
  store.undo()
  assert.equal(store.current, 2)
})

test('an optimistic row is where the order says, also by an enumeration, and a changed row moves', async () => {
  const { store } = await following(
    (live) => live.diff({ key: ['id'], sort: live.by(['-state', 'open', 'busy', 'done'], 'n', 'id') }),
    [
      { id: 'a', state: 'done', n: 1 },
      { id: 'b', state: 'done', n: 3 },
      { id: 'c', state: 'busy', n: 2 },
      { id: 'd', state: 'open', n: 0 },
      { id: 'e', state: null, n: 0 },
    ],
  )
  store.optimistic('created', { id: 'x', state: 'done', n: 2 })
  store.optimistic('created', { id: 'y', state: 'busy', n: 2 })
  store.optimistic('created', { id: 'z', state: null, n: 1 })
  assert.equal(ids(store.current), 'axbcydez')
  const undo = store.optimistic('updated', { id: 'd', state: 'done' })
  assert.equal(ids(store.current), 'daxbcyez')
  undo()
  store.optimistic('updated', { id: 'b', n: 3, text: 'same place' })
  assert.equal(ids(store.current), 'axbcydez')
})

test('an optimistic row does not make a list longer than its limit', async () => {
  const { server, store } = await following(
    (live) => live.diff({ key: ['id'], sort: live.by('-n', '-id'), limit: 3 }),
    [5, 3, 1].map((n) => ({ id: `${n}`, n })),
  )
  const undo = store.optimistic('created', { id: '4', n: 4 })
  assert.equal(ids(store.current), '543')
  store.optimistic('created', { id: '0', n: 0 })
  assert.equal(ids(store.current), '543', 'it is beyond the limit')
  undo()
  assert.equal(ids(store.current), '531')
  await server.say(ev(2, 'diff', [['-', 0]]))
  assert.equal(ids(store.current), '310')

  const last = await following((live) => live.latest(2), [1, 2])
  last.store.optimistic('said', 3)
  assert.deepEqual(last.store.current, [2, 3])
  const first = await following((live) => live.latest(2, { prepend: true }), [2, 1])
  first.store.optimistic('said', 3)
  assert.deepEqual(first.store.current, [3, 2])
})
