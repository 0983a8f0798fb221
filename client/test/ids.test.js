import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mock, test } from 'node:test'
import { client, kept, settle, tick } from './fake.js'

const START = 1_700_000_000_000 // what the clocks of fake.js show at first
const DAY = 86_400_000

const timeOf = (id) => parseInt(id.replaceAll('-', '').slice(0, 12), 16)
const hello = (now) => ({ t: 'hello', v: 1, h: '', e: 'e', hb: 25_000, now })
const keys = (server) => server.heard().map((m) => m.k)

/** The first id of a call with a key (docs/protocol.md, "Keys and ids"). */
function firstId(key) {
  const hash = createHash('sha256')
    .update(Buffer.from(`${key.replaceAll('-', '')}00000000`, 'hex'))
    .digest('hex')
  const variant = ((parseInt(hash.slice(0, 2), 16) & 0x3f) | 0x80).toString(16)
  return `${key.slice(0, 14)}7000-${variant}${hash.slice(2, 4)}-${hash.slice(4, 16)}`
}

/** A client that is connected to a server whose clock shows `now`. */
async function connected(now, options) {
  const one = await client(options)
  kept(one.live.call('a/read', []))
  await one.server.accept({ hello: false })
  await one.server.say(hello(now))
  return { ...one, add: one.live.rpc('a/add', { write: true }) }
}

test('an id is predicted as the server makes it', async (t) => {
  const drawn = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
  t.mock.method(crypto, 'getRandomValues', (a) => (a.set(drawn), a))
  const { live, server } = await client()
  const list = live.stream('a/s', live.crud())
  list.subscribe(() => {})
  await server.accept()
  await server.say({ t: 'snap', id: 1, c: 1, e: 'E', s: 1, v: [] })
  list.optimistic('created', { id: 'temporary' }, live.rpc('a/add', { write: true })())
  await settle()
  assert.equal(server.heard(1)[0].k, '018bcfe5-6800-7000-8000-000000000001')
  const id = '018bcfe5-6800-7000-9535-a8f7cc0d5a0e' // as in runtime/ids_test.go
  await server.say({ t: 'ev', c: 1, s: 2, k: 'created', v: { id } })
  assert.deepEqual(list.current, [{ id }])
})

test('ids of many keys are predicted, also where the page has no SHA-256, and before an answer can come', async (t) => {
  t.mock.method(crypto.subtle, 'digest', () => new Promise(() => {}))
  const { live, server, add } = await connected(START)
  const list = live.stream('a/s', live.crud())
  list.subscribe(() => {})
  await settle()
  await server.say({ t: 'snap', id: server.heard().at(-1).id, c: 1, e: 'E', s: 1, v: [] })
  for (let i = 0; i < 300; i++) {
    list.optimistic('created', { id: 'temporary' }, add.fresh(i))
    await settle()
    const id = firstId(keys(server).at(-1))
    await server.say({ t: 'ev', c: 1, s: i + 2, k: 'created', v: { id } })
    assert.equal(list.current.length, i + 1)
    assert.equal(list.current.at(-1).id, id)
  }
})

test('keys have the time of the server', async () => {
  for (const skew of [0, 1, -50_000, 10 * DAY, -10 * DAY]) {
    const { server, add } = await connected(START + skew)
    kept(add(1))
    await settle()
    assert.equal(timeOf(keys(server).at(-1)), START + skew)
    await tick(5000)
    kept(add(2))
    await settle()
    assert.equal(timeOf(keys(server).at(-1)), START + skew + 5000)
  }
})

test('keys grow, also within a millisecond and where a clock goes back a little', async () => {
  const { server, add } = await connected(START)
  for (let i = 0; i < 100; i++) kept(add.fresh(i))
  await server.say(hello(START - 3000))
  for (let i = 0; i < 100; i++) kept(add.fresh(i))
  await settle()
  const all = keys(server).slice(1)
  assert.equal(all.length, 200)
  assert.deepEqual(all, all.toSorted())
  assert.ok(all.every((k) => Math.abs(timeOf(k) - START) < 1000))
})

test('a clock that was wrong does not stay in the keys', async () => {
  const { live, server } = await client()
  const add = live.rpc('a/add', { write: true })
  kept(add(1)) // before the first hello
  await server.accept({ hello: false })
  await server.say(hello(START - 10 * DAY))
  kept(add(2))
  await settle()
  assert.deepEqual(keys(server).map(timeOf), [START, START - 10 * DAY])
})

test('a call that has waited has the time at which it is sent, and the id of its row', async () => {
  const { live, server, add } = await connected(START, { offline: {} })
  const list = live.stream('a/s', live.crud())
  list.subscribe(() => {})
  await settle()
  await server.say({ t: 'snap', id: server.heard().at(-1).id, c: 1, e: 'E', s: 1, v: [] })
  await server.close()
  list.optimistic('created', { id: 'temporary' }, add(1))
  list.optimistic('updated', { id: 'other' }, add(2))
  await tick(3 * 3600_000)
  await server.accept()
  const [first, second] = server.heard().filter((m) => m.t === 'call' && m.k)
  assert.ok(timeOf(first.k) >= START + 3 * 3600_000 && first.k < second.k)
  await server.close() // and a retry has the same key
  await tick(5000)
  await server.accept()
  assert.deepEqual(
    server
      .heard()
      .filter((m) => m.k)
      .map((m) => m.k),
    [first.k, second.k],
  )
  const sub = server.heard().find((m) => m.t === 'sub')
  await server.say(hello(Date.now()), { t: 'snap', id: sub.id, c: 1, e: 'E', s: 1, v: [] })
  assert.deepEqual(list.current, [{ id: 'temporary' }])
  const id = firstId(first.k)
  await server.say({ t: 'ev', c: 1, s: 2, k: 'created', v: { id } })
  assert.deepEqual(list.current, [{ id }])
})

test('a call whose time was up while the machine slept is not sent again: the server may have forgotten its key', async () => {
  const { server, add } = await connected(START)
  const call = assert.rejects(add(1), { code: 'TIMEOUT' })
  await settle()
  const clock = mock.method(Date, 'now', () => START + 3 * DAY) // no timer has run
  await server.close()
  await tick(300)
  await server.accept()
  await call
  assert.deepEqual(keys(server).filter(Boolean), [])
  clock.mock.restore()
})
