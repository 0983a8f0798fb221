// What happens when the server has another contract than the page.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { client, kept, settle, tick } from './fake.js'

/** A tab of a browser: its storage stays when its page is loaded anew. */
function tab() {
  const items = new Map()
  const it = { reloads: 0, items }
  globalThis.location = { href: 'http://site/', reload: () => it.reloads++ }
  globalThis.sessionStorage = {
    getItem: (k) => items.get(k) ?? null,
    setItem: (k, v) => items.set(k, v),
    removeItem: (k) => items.delete(k),
  }
  return it
}

afterEach(() => {
  delete globalThis.location
  delete globalThis.sessionStorage
})

const calls = (server) =>
  server.last.frames
    .filter((f) => typeof f === 'string')
    .flatMap((f) => JSON.parse(f))
    .filter((m) => m.t !== 'hello')
    .map(({ id, ...m }) => (m.b ? { ...m, b: m.b.map(({ id, ...c }) => c) } : m))

test('the page is loaded anew, once, and what was not answered is sent by the next page', async () => {
  const { reloads, items } = tab()
  assert.equal(reloads, 0)
  const it = tab()
  const first = await client()
  const add = first.live.rpc('a/add', { write: true })
  kept(add('old'))
  await first.server.accept({ k: 'ada' })
  kept(first.live.rpc('a/read')(1))
  kept(first.live.rpc('a/put', { write: true, bytes: 0 })(Uint8Array.from([7, 8])))
  await settle()
  const [{ k }] = first.server.heard()
  await first.server.close()
  kept(add('new'))
  kept(first.live.rpc('a/once', { once: true })(2))
  kept(first.live.batch(() => [add('b1'), add('b2')], { sequential: true }))
  kept(first.live.channel('a/c', first.live.set()).publish(1))
  await tick(500)
  await first.server.accept({ hello: false })
  await first.server.close(4510, 'another contract')
  assert.equal(it.reloads, 1)
  assert.equal(first.live.connection.current.code, 4510)

  const { live, server } = await client()
  live.rpc('a/other')
  await tick(1)
  assert.equal(server.sockets.length, 1, 'it connects for what was kept')
  await server.accept({ hello: false })
  assert.deepEqual(calls(server), [], 'the server must accept the page first, and say who it is')
  await server.say({ t: 'hello', v: 1, h: '', e: 'e', hb: 25_000, k: 'ada' })
  const sent = calls(server)
  assert.deepEqual(
    sent.map((m) => [m.t, m.m ?? m.b.map((c) => c.a[0]), m.q]),
    [
      ['call', 'a/add', undefined],
      ['call', 'a/add', undefined],
      ['call', 'a/once', undefined],
      ['batch', ['b1', 'b2'], true],
    ],
  )
  assert.deepEqual([sent[0].k, sent[0].a], [k, ['old']], 'its key is the same, so it is not done twice')
  const bytes = server.last.frames.find((f) => typeof f !== 'string')
  assert.deepEqual([...bytes.slice(-2)], [7, 8])
  assert.equal(it.items.size + items.size, 0)
})

test('a page that was loaded in vain is not loaded again, until a connection was open', async () => {
  const it = tab()
  for (const reloads of [1, 1]) {
    const { live, server } = await client()
    const call = kept(live.call('a/b', []))
    await server.accept({ hello: false })
    await server.close(4510, 'another contract')
    assert.equal(it.reloads, reloads)
    if (it.items.get('live:seen')) await assert.rejects(call, { code: 'DISCONNECTED' })
    it.items.set('live:seen', '1')
  }
  const { live, server } = await client()
  kept(live.call('a/b', []))
  await server.accept()
  await server.close()
  await tick(500)
  await server.accept({ hello: false })
  await server.close(4510, 'another contract')
  assert.equal(it.reloads, 2)
})

test('without a tab, or if the app does not want it, calls fail', async () => {
  const none = await client()
  const call = kept(none.live.call('a/b', []))
  await none.server.accept({ hello: false })
  await none.server.close(4510, 'another contract')
  await assert.rejects(call, { code: 'DISCONNECTED' })
  assert.equal(none.live.connection.current.state, 'closed')

  const it = tab()
  let decide
  const { live, server } = await client({ onContractChange: () => new Promise((resolve) => (decide = resolve)) })
  const waits = kept(live.rpc('a/b', { write: true })(1))
  await server.accept({ hello: false })
  await server.close(4510, 'another contract')
  assert.deepEqual([live.inspect().calls.length, it.reloads], [1, 0], 'calls wait for the decision')
  decide(false)
  await settle()
  await assert.rejects(waits, { code: 'DISCONNECTED' })
  assert.deepEqual([it.reloads, it.items.size], [0, 0])
  live.reconnect()
  kept(live.call('a/b', []))
  await server.accept({ hello: false })
  await server.close(4510, 'another contract')
  decide()
  await settle()
  assert.equal(it.reloads, 1)
})

test('what one user has left is not sent as another, and what the server refuses is reported', async () => {
  const it = tab()
  const leave = async () => {
    const { live, server } = await client()
    kept(live.call('a/first', []))
    await server.accept({ k: 'ada' })
    await server.close()
    kept(live.rpc('a/add', { write: true })('x'))
    await tick(500)
    await server.accept({ hello: false })
    await server.close(4510, 'another contract')
    assert.ok(it.items.has('live:calls'))
  }
  await leave()
  const eve = await client()
  kept(eve.live.call('a/b', []))
  await eve.server.accept({ k: 'eve' })
  assert.deepEqual([eve.server.heard().length, it.items.size], [1, 0])

  await leave()
  const errors = []
  const { live, server } = await client({ offline: { onReplayError: (call, e) => errors.push([call.path, call.args, e.code]) } })
  kept(live.call('a/b', []))
  await server.accept({ k: '~1' })
  assert.equal(server.heard().length, 1, 'nobody is signed in yet')
  live.reconnect()
  await server.accept({ k: 'ada' })
  const add = server.heard().find((m) => m.m === 'a/add')
  await server.say({ t: 'err', id: add.id, code: 'NOT_FOUND', message: 'There is no rpc a/add' })
  assert.deepEqual(errors, [['a/add', ['x'], 'NOT_FOUND']])
})

test('in development the client tries again until the server is the one of the page', async () => {
  const it = tab()
  const { live, server } = await client({ development: true })
  const call = live.call('a/b', [])
  for (let i = 0; i < 10; i++) {
    await server.accept({ hello: false })
    await server.close(4510, 'another contract')
    assert.equal(live.connection.current.state, 'waiting')
    assert.ok(live.connection.current.retryAt - Date.now() <= 1000)
    await tick(1000)
  }
  await server.accept()
  await server.say({ t: 'ok', id: 1, v: 5, s: 0 })
  assert.deepEqual([await call, it.reloads], [5, 0])
})

test('a server with another contract is told what the page knows, and may serve it', async () => {
  const it = tab()
  const { live, server } = await client({}, { hash: 'old', entryPoints: { 'a/b': '1f' } })
  const call = live.call('a/b', [])
  await server.accept({ hello: false })
  const hello = () => [JSON.parse(server.last.frames[0])].flat()[0]
  assert.deepEqual(hello(), { t: 'hello', v: 1, h: 'old' })
  await server.close(4510, 'another contract')
  assert.equal(server.sockets.length, 2, 'at once')
  await server.accept()
  assert.deepEqual(hello(), { t: 'hello', v: 1, h: 'old', p: { 'a/b': '1f' } })
  await server.say({ t: 'ok', id: 1, v: 5, s: 0 })
  assert.equal(await call, 5)
  await server.close()
  await tick(500)
  await server.accept({ hello: false })
  assert.ok(hello().p)
  await server.close(4510, 'another contract')
  assert.equal(it.reloads, 1)
})
