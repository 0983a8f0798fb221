import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { client, kept, settle, tick } from './fake.js'

const START = 1_700_000_000_000 // what the clocks of fake.js show at first

/** A JWT that ends some seconds after the start. */
const jwt = (exp, sub = 'é?') => `e30.${Buffer.from(JSON.stringify({ sub, exp: START / 1000 + exp })).toString('base64url')}.x`

/** The token in the last hello. */
const said = (server) => [server.last.frames[0]].flatMap((f) => JSON.parse(f))[0].token

/** A client whose app gives these tokens, one after the other, and the last one ever after. */
async function signedIn(tokens, options = {}) {
  let asked = 0
  const token = () => {
    const given = tokens[Math.min(asked++, tokens.length - 1)]
    if (given instanceof Error) throw given
    return given
  }
  const one = await client({ token, ...options })
  return { ...one, asked: () => asked }
}

test('the token is sent in hello, and never in the address', async () => {
  for (const [given, want] of [
    ['t1', 't1'],
    [Promise.resolve('t2'), 't2'],
    [null, undefined],
    [undefined, undefined],
    ['', undefined],
  ]) {
    const { live, server } = await signedIn([given])
    live.call('a/b', []).catch(() => {})
    await settle()
    await server.accept()
    assert.equal(said(server), want)
    assert.equal(server.last.url, 'ws://test/_live/ws')
  }
})

test('without one the connection is made in the same turn', async () => {
  const { live, server } = await client({ token: undefined })
  live.call('a/b', []).catch(() => {})
  assert.equal(server.sockets.length, 1)
})

test('a token is kept while it is good, and another is asked for half a minute before it ends', async () => {
  const first = jwt(3600)
  const { live, server, asked } = await signedIn([first, jwt(7200)])
  kept(live.call('a/b', []))
  await settle()
  await server.accept()
  assert.equal(said(server), first)
  await tick(3500_000)
  await server.close()
  await tick(10_000)
  await server.accept()
  assert.deepEqual([said(server), asked()], [first, 1])
  await tick(61_000)
  await server.close()
  await tick(10_000)
  await server.accept()
  assert.deepEqual([said(server), asked()], [jwt(7200), 2])
})

test('the end of a token is by the clock of the server', async () => {
  const { live, server, asked } = await signedIn([jwt(3600), 'other'])
  kept(live.call('a/b', []))
  await settle()
  await server.accept({ hello: false })
  await server.say({ t: 'hello', v: 1, h: '', e: 'e', hb: 25_000, now: START + 3580_000 })
  await server.close()
  await tick(1000)
  await server.accept()
  assert.deepEqual([said(server), asked()], ['other', 2])
})

test('after 4004 and after reconnect it is asked for again', async () => {
  const { live, server } = await signedIn(['a', 'b', 'c', 'd'])
  kept(live.call('a/b', []))
  await settle()
  await server.accept()
  await server.close(4004, 'The token has ended')
  assert.equal(server.sockets.length, 2, 'at once')
  await server.accept()
  assert.equal(said(server), 'b')
  live.reconnect()
  live.reconnect()
  await settle()
  assert.equal(server.sockets.length, 3, 'one for both')
  await server.accept()
  assert.equal(said(server), 'd')
})

test('a server that closes with 4004 each time is not asked without a pause', async () => {
  const { live, server } = await signedIn(['a'])
  kept(live.call('a/b', []))
  await settle()
  await server.accept()
  await server.close(4004)
  await settle()
  await server.accept()
  await server.close(4004)
  assert.equal(live.connection.current.retryAt - Date.now(), 250)
  assert.equal(server.sockets.length, 2)
  await tick(250)
  await server.accept()
  await tick(10_000)
  await server.close(4004)
  await settle()
  assert.equal(server.sockets.length, 4, 'it had lasted')
})

test('a token that upgrade refuses is asked for again, once', async () => {
  const { live, server, asked } = await signedIn(['old', 'new'])
  const call = live.call('a/b', [])
  await settle()
  await server.accept({ hello: false })
  await server.close(4503, 'UNAUTHORIZED')
  await settle()
  await server.accept()
  assert.equal(said(server), 'new')
  await server.say({ t: 'ok', id: 1, v: 1, s: 0 })
  assert.equal(await call, 1)
  await server.close(4503, 'UNAUTHORIZED')
  assert.deepEqual([live.connection.current.state, asked()], ['closed', 2])
  await assert.rejects(live.call('a/b', []), { code: 'UNAUTHORIZED' })
  live.reconnect()
  await settle()
  assert.deepEqual([server.sockets.length, asked()], [3, 3])
})

test('without a token, upgrade decides', async () => {
  const { live, server } = await client()
  kept(live.call('a/b', []))
  await server.accept({ hello: false })
  await server.close(4503, 'UNAUTHORIZED')
  assert.equal(live.connection.current.state, 'closed')
})

test('an app that gives no token is asked again later, as after a lost connection', async () => {
  for (const [given, reason] of [
    [new Error('offline'), 'The app gave no token: Error: offline'],
    [kept(Promise.reject('offline')), 'The app gave no token: offline'],
    ['a\nb', 'The app gave no token: RpcError: A token is visible ASCII of at most 8192 bytes'],
    ['x'.repeat(8193), 'The app gave no token: RpcError: A token is visible ASCII of at most 8192 bytes'],
  ]) {
    const { live, server } = await signedIn([given, 'good'])
    kept(live.call('a/b', []))
    await settle()
    const { state, reason: told } = live.connection.current
    assert.deepEqual([state, told, server.sockets.length], ['waiting', reason, 0])
    await tick(250)
    await server.accept()
    assert.equal(said(server), 'good')
  }
})

test('a token that does not come is not waited for without end', async () => {
  const { live, server } = await signedIn([new Promise(() => {}), 'good'], { timeout: 60_000 })
  kept(live.call('a/b', []))
  await tick(29_999)
  assert.equal(live.connection.current.state, 'connecting')
  await tick(1)
  assert.equal(live.connection.current.reason, 'The app gave no token: not in time')
  await tick(250)
  await server.accept()
  assert.equal(said(server), 'good')
})

test('another function takes the place of the first', async () => {
  const { live, server } = await signedIn(['a'])
  kept(live.call('a/b', []))
  await settle()
  await server.accept()
  live.configure({ token: () => 'b' })
  live.configure({ timeout: 1000 })
  live.reconnect()
  await settle()
  await server.accept()
  assert.equal(said(server), 'b')
  live.configure({ token: undefined })
  live.reconnect()
  await server.accept()
  assert.equal(said(server), undefined)
})

/** A fetch for which only some tokens are good. */
function guarded(good) {
  const tokens = []
  const fetch = async (_, init) => {
    const token = init.headers.Authorization
    tokens.push(token)
    return Response.json(token && good.includes(token.slice(7)) ? { value: 1 } : { error: { code: 'UNAUTHORIZED', message: 'no' } })
  }
  return { tokens, fetch }
}

test('over HTTP it is in the Authorization header, and another is tried once if it is not taken', async () => {
  const { tokens, fetch } = guarded(['good'])
  const { live, asked } = await signedIn(['old', 'good'], { fetch })
  assert.equal(await live.stream('a/s', live.set()).load(), 1)
  assert.equal(await live.stream('a/s', live.set()).load(), 1)
  assert.deepEqual([tokens, asked()], [['Bearer old', 'Bearer good', 'Bearer good'], 2])

  const wrong = guarded([])
  const stubborn = await signedIn(['same'], wrong)
  await assert.rejects(stubborn.live.sessionRpc('a/signIn')('Ada', 'wrong'), { code: 'UNAUTHORIZED' })
  assert.deepEqual([wrong.tokens, stubborn.asked()], [['Bearer same'], 2], 'what was asked is not asked again with the same token')

  const nobody = guarded(['later'])
  const late = await signedIn([null, 'later'], nobody)
  assert.equal(await late.live.stream('a/s', late.live.set()).load(), 1)
  assert.deepEqual(nobody.tokens, [undefined, 'Bearer later'])

  const failing = await signedIn([new Error('offline')], guarded([]))
  const told = { code: 'DISCONNECTED', message: 'The app gave no token: Error: offline' }
  await assert.rejects(failing.live.stream('a/s', failing.live.set()).load(), told)
})

test('requests that fail together because a token has expired share one new token', async () => {
  const { tokens, fetch } = guarded(['good'])
  const { live, asked } = await signedIn(['old', 'good'], { fetch })
  const stream = live.stream('a/s', live.set())
  assert.deepEqual(await Promise.all([stream.load(), stream.load(), stream.load()]), [1, 1, 1])
  assert.deepEqual([tokens.length, asked()], [6, 2])
})

test('on a server no token is kept, and that of the request comes first', async () => {
  const { tokens, fetch } = guarded(['ada', 'bob', 'eve'])
  const { live, asked } = await signedIn(['ada', 'bob'], { WebSocket: undefined, url: 'http://127.0.0.1:9', fetch })
  const load = (from) => live.stream('a/s', live.set()).load(from)
  const request = (authorization) => new Request('http://x', { headers: { authorization } })
  await load()
  await load()
  await load({ request: request('Bearer eve') })
  await load({ request: request('Basic eDp5') })
  await load({ request: request('Bearer eve'), token: 'ada' })
  assert.deepEqual([tokens, asked()], [['ada', 'bob', 'eve', 'bob', 'ada'].map((t) => `Bearer ${t}`), 3])
  await assert.rejects(load({ token: 'a\nb' }), (e) => e.code === 'MALFORMED' && !e.message.includes('a\nb'))
})

test('what the address has behind a ? is sent with each request', async () => {
  const urls = []
  const fetch = async (url) => (urls.push(url), Response.json({ value: 1 }))
  const { live, server } = await client({ url: 'wss://host/path?token=x&y=1', fetch })
  await live.sessionRpc('a/signIn')()
  const stream = live.streams('a/s', live.set())
  await stream(1).load()
  kept(live.call('a/b', []))
  assert.equal(server.last.url, 'wss://host/path/_live/ws?token=x&y=1')
  const base = 'https://host/path/_live'
  assert.deepEqual(urls, [`${base}/rpc/a/signIn?token=x&y=1`, `${base}/stream/a/s?args=%5B1%5D&token=x&y=1`])
  live.configure({ url: 'https://host/_live/ws?token=y' })
  await stream(2).load()
  await stream(3).load({ fetch })
  assert.deepEqual(urls.slice(2), ['https://host/_live/stream/a/s?args=%5B2%5D&token=y', '/_live/stream/a/s?args=%5B3%5D&token=y'])
})

test('the query of the page is not that of the server', async () => {
  globalThis.location = new URL('https://app.example/rooms/1?invite=secret')
  for (const url of [undefined, '', '/']) {
    const { live, server } = await client({ url })
    kept(live.call('a/b', []))
    assert.equal(server.last.url, 'wss://app.example/_live/ws')
  }
  delete globalThis.location
})

test('no log and no hook gets a token', async () => {
  const lines = []
  const hear = (...args) => lines.push(args)
  for (const name of ['log', 'warn', 'error', 'info', 'debug']) mock.method(console, name, hear)
  const { live, server } = await signedIn(['canary'], { onConnect: hear, onDisconnect: hear, onUnhandled: hear })
  const states = []
  live.connection.subscribe((s) => states.push(s))
  kept(live.call('a/b', []))
  await settle()
  await server.accept()
  await server.close(4503, 'UNAUTHORIZED')
  await settle()
  mock.restoreAll()
  assert.ok(!JSON.stringify([lines, states, live.inspect()]).includes('canary'))
})
