import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, kept, settle, tick } from './fake.js'

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('a call connects, says hello first, and gives the result', async () => {
  const { live, server } = await client()
  const send = live.rpc('chat/send', { write: true, decode: live.record({ at: live.time }) })
  const answer = send('lobby', 'hi', undefined)
  assert.equal(server.last.url, 'ws://test/_live/ws')
  assert.equal(server.last.protocol, 'live.v1')
  await server.accept()
  assert.deepEqual(JSON.parse(server.last.frames[0])[0], { t: 'hello', v: 1, h: '' })
  const [{ k, ...message }] = server.heard()
  assert.match(k, UUID7)
  assert.deepEqual(message, { t: 'call', id: 1, m: 'chat/send', a: ['lobby', 'hi'] })
  assert.equal(Object.keys(JSON.parse(server.last.frames[0])[1]).join(), 't,id,m,a,k')
  await server.say({ t: 'ok', id: 1, v: { id: 'a', at: '2026-01-31T09:30:00.000Z' }, s: 4 })
  assert.deepEqual(await answer, { id: 'a', at: new Date(Date.UTC(2026, 0, 31, 9, 30)) })
})

test('a failure is an RpcError with all that the server says of it', async () => {
  const { live, server } = await client()
  const answer = kept(live.call('a/b', [1]))
  await server.accept()
  await server.say({ t: 'err', id: 1, code: 'VALIDATION', message: 'no', issues: [{ path: '/0', message: 'too small' }], retryAfter: 3 })
  await assert.rejects(answer, (e) => {
    assert.ok(e instanceof live.RpcError && e instanceof Error)
    assert.deepEqual([e.code, e.message, e.issues, e.retryAfter], ['VALIDATION', 'no', [{ path: '/0', message: 'too small' }], 3])
    return true
  })
})

test('the same call in one turn is one, unless it is fresh or its arguments differ in type', async () => {
  const { live, server } = await client()
  const get = live.rpc('a/get')
  const same = get(1)
  assert.equal(get(1), same)
  assert.notEqual(get('1'), same)
  assert.notEqual(get.fresh(1), same)
  await server.accept()
  assert.deepEqual(
    server.heard().map((m) => m.a),
    [[1], ['1'], [1]],
  )
  assert.notEqual(get(1), same)
})

test('what is sent in one turn goes in one frame, as far as frames go', async () => {
  const { live, server } = await client()
  live.call('a/b', [0])
  await server.accept()
  const before = server.last.frames.length
  for (let i = 1; i <= 60; i++) live.call('a/b', [i])
  live.call('a/long', ['x'.repeat(20_000)])
  await settle()
  const sizes = server.last.frames.slice(before).map((f) => [JSON.parse(f)].flat().length)
  assert.deepEqual(sizes, [50, 10, 1])
})

test('a call that is not answered in time fails with TIMEOUT, one that was never sent with DISCONNECTED', async () => {
  const { live, server } = await client()
  const slow = kept(live.rpc('a/slow', { timeout: 60_000 })(1))
  const quick = kept(live.call('a/b', []))
  await server.accept()
  await tick(30_000)
  await assert.rejects(quick, { code: 'TIMEOUT' })
  await server.close()
  const unsent = kept(live.call('a/c', []))
  await tick(30_000)
  await assert.rejects(slow, { code: 'TIMEOUT' })
  await assert.rejects(unsent, { code: 'DISCONNECTED' })
})

test('a call that was lost is sent again as it was; one that must not be fails', async () => {
  const { live, server } = await client()
  const write = live.rpc('a/write', { write: true })(1)
  const read = live.rpc('a/read')(2)
  const once = kept(live.rpc('a/once', { once: true })(3))
  await server.accept()
  const first = server.heard()
  await server.close()
  await assert.rejects(once, { code: 'DISCONNECTED' })
  await tick(500)
  await server.accept()
  assert.deepEqual(server.heard(), first.slice(0, 2))
  await server.say({ t: 'ok', id: 2, v: 'r', s: 0 }, { t: 'ok', id: 1, v: 'w', s: 1 })
  assert.deepEqual(await Promise.all([write, read]), ['w', 'r'])
})

test('before the server has said hello nothing has been done: all calls are sent again', async () => {
  const { live, server } = await client()
  const once = live.rpc('a/once', { once: true })(3)
  await server.accept({ hello: false })
  await server.close()
  await tick(500)
  await server.accept()
  assert.equal(server.heard().length, 1)
  await server.say({ t: 'ok', id: 1, v: 1, s: 0 })
  assert.equal(await once, 1)
})

test('a write that was not answered when the session changed fails: it is not for the new user', async () => {
  const { live, server } = await client()
  const write = kept(live.rpc('a/write', { write: true })(1))
  const read = live.rpc('a/read')(2)
  await server.accept()
  await server.close(4004, 'The session changed')
  await assert.rejects(write, { code: 'DISCONNECTED' })
  assert.equal(server.sockets.length, 2, 'it connects again at once')
  await server.accept()
  assert.deepEqual(
    server.heard().map((m) => m.m),
    ['a/read'],
  )
  await server.say({ t: 'ok', id: 2, v: 1, s: 0 })
  assert.equal(await read, 1)
})

test('a server that asks not to come back fails all calls, with the code it gives', async () => {
  const { live, server } = await client()
  const call = kept(live.call('a/b', []))
  await server.accept({ hello: false })
  await server.close(4503, 'UNAUTHORIZED')
  await assert.rejects(call, { code: 'UNAUTHORIZED' })
  await assert.rejects(live.call('a/b', []), { code: 'UNAUTHORIZED' })
  await tick(60_000)
  assert.equal(server.sockets.length, 1)
  assert.equal(live.connection.current.state, 'closed')
  live.reconnect()
  const again = live.call('a/b', [])
  await server.accept()
  await server.say({ t: 'ok', id: server.heard()[0].id, v: 5, s: 0 })
  assert.equal(await again, 5)
})

test('a frame that is too large fails the largest call alone', async () => {
  const { live, server } = await client()
  const small = live.call('a/small', ['x'])
  const large = kept(live.call('a/large', ['x'.repeat(100_000)]))
  await server.accept()
  await server.close(1009)
  await assert.rejects(large, { code: 'PAYLOAD_TOO_LARGE' })
  await tick(500)
  await server.accept()
  await server.say({ t: 'ok', id: server.heard()[0].id, v: 1, s: 0 })
  assert.equal(await small, 1)
})

test('bytes go as they are, after a header', async () => {
  const { live, server } = await client()
  const upload = live.rpc('a/upload', { bytes: 0, write: true })
  const done = upload(Uint8Array.of(1, 2, 0, 255), 'ä.png')
  await server.accept()
  const frame = server.last.frames.find((f) => typeof f !== 'string')
  assert.equal(frame[0], 0)
  const length = (frame[1] << 8) | frame[2]
  const header = JSON.parse(new TextDecoder().decode(frame.subarray(3, 3 + length)))
  assert.deepEqual({ ...header, k: 0 }, { t: 'call', id: 1, m: 'a/upload', a: [null, 'ä.png'], k: 0 })
  assert.match(header.k, UUID7)
  assert.deepEqual([...frame.subarray(3 + length)], [1, 2, 0, 255])
  assert.ok(JSON.parse(server.last.frames[0]).t === 'hello', 'hello comes first')
  await server.say({ t: 'ok', id: 1, v: null, s: 1 })
  assert.equal(await done, null)
})

test('bytes within other arguments are base64', async () => {
  const { live, server } = await client()
  live.rpc('a/keep', { encode: live.base64 })({ file: Uint8Array.of(251, 255), at: new Date(0) })
  await server.accept()
  assert.deepEqual(server.heard()[0].a, [{ file: '+/8=', at: '1970-01-01T00:00:00.000Z' }])
  assert.deepEqual(live.bytes('+/8='), Uint8Array.of(251, 255))
})

test('a batch is one message, and each of its calls settles on its own', async () => {
  const { live, server } = await client()
  const one = live.rpc('a/one')
  const all = live.batch(() => [one(1), one(2)], { sequential: true })
  await server.accept()
  const [message] = server.heard()
  assert.deepEqual(message, {
    t: 'batch',
    q: true,
    b: [
      { t: 'call', id: 1, m: 'a/one', a: [1] },
      { t: 'call', id: 2, m: 'a/one', a: [2] },
    ],
  })
  await server.say({ t: 'ok', id: 2, v: 'b', s: 0 }, { t: 'ok', id: 1, v: 'a', s: 0 })
  assert.deepEqual(await all, ['a', 'b'])

  let second
  const mixed = kept(live.batch(() => [one(3), (second = one(4))]))
  await settle()
  assert.equal(server.heard().at(-1).q, undefined)
  await server.say({ t: 'err', id: 3, code: 'CONFLICT', message: 'no' }, { t: 'ok', id: 4, v: 'd', s: 0 })
  await assert.rejects(mixed, { code: 'CONFLICT' })
  assert.equal(await second, 'd')
})

test('a batch of more than 50 is refused as a whole', async () => {
  const { live, server } = await client()
  const all = live.batch(() => Array.from({ length: 51 }, (_, i) => live.call('a/b', [i])))
  await assert.rejects(all, { code: 'VALIDATION' })
  await server.accept()
  assert.deepEqual(server.heard(), [])
})

test('what is left of a batch is sent again as a batch', async () => {
  const { live, server } = await client()
  const all = live.batch(() => [live.call('a/b', [1]), live.call('a/b', [2]), live.call('a/b', [3])], { sequential: true })
  await server.accept()
  await server.say({ t: 'ok', id: 1, v: 1, s: 0 })
  await server.close()
  await tick(500)
  await server.accept()
  assert.deepEqual(
    server.heard().map((m) => [m.q, m.b.map((c) => c.id)]),
    [[true, [2, 3]]],
  )
  await server.say({ t: 'ok', id: 2, v: 2, s: 0 }, { t: 'ok', id: 3, v: 3, s: 0 })
  assert.deepEqual(await all, [1, 2, 3])
})

test('offline, calls wait in order; the oldest gives way, the old are stale', async () => {
  const failedReplays = []
  const offline = {
    maxQueue: 2,
    maxAge: 60_000,
    beforeReplay: (c) => c.args[0] !== 'no',
    onReplayError: (c, e) => failedReplays.push([c.path, c.args[0], e.code]),
  }
  const { live, server } = await client({ offline })
  const first = live.call('a/b', [1])
  await server.accept()
  await server.say({ t: 'ok', id: 1, v: 0, s: 0 })
  await first
  await server.close()
  const [dropped, late] = [kept(live.call('a/b', ['dropped'])), kept(live.call('a/b', ['late']))]
  const lost = assert.rejects(dropped, { code: 'QUEUE_FULL' })
  const tooLate = assert.rejects(late, { code: 'QUEUE_FULL' })
  await tick(30_000) // longer than a call may take
  const refused = assert.rejects(live.call('a/b', ['no']), { code: 'STALE' })
  const wanted = kept(live.call('a/b', ['yes']))
  await server.accept()
  await Promise.all([lost, tooLate, refused])
  assert.deepEqual(
    server.heard().map((m) => m.a),
    [['yes']],
  )
  await server.say({ t: 'err', id: server.heard()[0].id, code: 'CONFLICT', message: 'no' })
  await assert.rejects(wanted, { code: 'CONFLICT' })
  assert.deepEqual(
    failedReplays.map((f) => [f[1], f[2]]),
    [
      ['dropped', 'QUEUE_FULL'],
      ['late', 'QUEUE_FULL'],
      ['no', 'STALE'],
      ['yes', 'CONFLICT'],
    ],
  )
})

test('a call that is too old is stale', async () => {
  const { live, server } = await client({ offline: { maxAge: 1000 } })
  const call = kept(live.call('a/b', [1]))
  await tick(1001)
  const stale = assert.rejects(call, { code: 'STALE' })
  await server.accept()
  await stale
  assert.deepEqual(server.heard(), [])
})

test('an rpc of the session goes over HTTP, and then the connection is another', async () => {
  const requests = []
  const fetch = async (url, init) => {
    requests.push([url, init])
    return Response.json(
      url.endsWith('bad') ? { error: { code: 'FORBIDDEN', message: 'no' } } : { value: { at: '1970-01-01T00:00:00.000Z' } },
    )
  }
  const { live, server } = await client({ fetch })
  live.call('a/b', [])
  await server.accept()
  const signIn = live.sessionRpc('chat/signIn', { decode: live.record({ at: live.time }) })
  assert.deepEqual(await signIn('Ada', undefined), { at: new Date(0) })
  const [url, init] = requests[0]
  assert.equal(url, 'http://test/_live/rpc/chat/signIn')
  assert.deepEqual(
    [init.method, init.credentials, init.body, init.headers['Content-Type']],
    ['POST', 'include', '["Ada"]', 'application/json'],
  )
  assert.match(init.headers['Idempotency-Key'], UUID7)
  assert.equal(server.sockets.length, 2)
  await server.accept()
  await assert.rejects(live.sessionRpc('chat/bad')(), { code: 'FORBIDDEN' })
  assert.equal(server.sockets.length, 2)
})

test('on a server nothing connects', async () => {
  const { live, server } = await client({ WebSocket: undefined })
  await assert.rejects(live.call('a/b', []), { code: 'DISCONNECTED' })
  live.stream('a/s', live.set()).subscribe(() => {})()
  live.connection.subscribe(() => {})()
  assert.equal(server.sockets.length, 0)
})

test('a batch that cannot be made sends nothing, and leaves nothing behind', async () => {
  const { live, server } = await client()
  const add = live.rpc('a/add', { write: true })
  const put = live.rpc('a/put', { write: true, bytes: 0 })
  const signIn = live.sessionRpc('a/signIn')
  const fetched = []
  live.configure({ fetch: async (url) => (fetched.push(url), Response.json({ value: 1 })) })
  kept(live.call('a/first', []))
  await server.accept()
  const calls = []
  const made = (call) => (calls.push(call), call)
  const make = () => {
    made(add('x'))
    made(put(new Uint8Array(3)))
    made(signIn())
    made(live.channel('a/c', live.set()).publish(1))
    made(live.batch(() => [add('inner')]))
    throw new Error('mine')
  }
  assert.throws(() => live.batch(make), /mine/)
  for (const call of calls) await assert.rejects(call, { code: 'DISCONNECTED' })
  const after = add('x')
  await settle()
  assert.deepEqual(
    server.heard(1).map((m) => [m.m, m.a]),
    [['a/add', ['x']]],
  )
  assert.equal(server.last.frames.filter((f) => typeof f !== 'string').length, 0)
  assert.deepEqual(fetched, [])
  await server.close()
  await tick(500)
  await server.accept()
  assert.equal(server.heard(0).filter((m) => m.m === 'a/add').length, 1)
  await server.say({ t: 'ok', id: server.heard().find((m) => m.m === 'a/add').id, v: 1, s: 1 })
  assert.equal(await after, 1)
  assert.deepEqual(
    live.inspect().calls.map((c) => c.path),
    ['a/first'],
  )
})

test('each call of a batch is a call, and what goes in no frame with others goes beside it', async () => {
  const { live, server } = await client()
  const add = live.rpc('a/add', { write: true })
  const put = live.rpc('a/put', { write: true, bytes: 0 })
  kept(live.call('a/first', []))
  await server.accept()
  kept(add('a'))
  kept(live.batch(() => [add('a'), add('a'), put(new Uint8Array([7])), live.channel('a/c', live.set()).publish(1), live.batch(() => [add('b')])]))
  await settle()
  const heard = server.heard(1)
  assert.deepEqual(
    heard.map((m) => [m.t, m.m ?? m.b.map((c) => c.a)]),
    [
      ['call', 'a/add'],
      ['batch', [['a'], ['a']]],
      ['pub', 'a/c'],
      ['batch', [['b']]],
    ],
  )
  const calls = heard.flatMap((m) => (m.t === 'pub' ? [] : (m.b ?? [m])))
  assert.equal(new Set(calls.map((m) => m.k)).size, 4, 'calls that write have keys of their own')
  assert.equal(server.last.frames.filter((f) => typeof f !== 'string').length, 1)
})

test('bytes are taken in all their forms', async () => {
  const { live, server } = await client()
  const put = live.rpc('a/put', { write: true, bytes: 0 })
  kept(live.call('a/first', []))
  await server.accept()
  const buffer = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]).buffer
  for (const [given, want] of [
    [buffer, [0, 1, 2, 3, 4, 5, 6, 7]],
    [new DataView(buffer, 2, 3), [2, 3, 4]],
    [new Uint16Array(buffer, 4, 1), [4, 5]],
    [new Uint8Array(buffer, 6), [6, 7]],
    [Buffer.from([9, 8]), [9, 8]],
  ]) {
    kept(put(given))
    const frame = server.last.frames.at(-1)
    const length = (frame[1] << 8) | frame[2]
    assert.deepEqual([...frame.slice(3 + length)], want)
    const [text] = [JSON.stringify([given, { given }], live.base64)]
    const coded = Buffer.from(want).toString('base64')
    assert.deepEqual(JSON.parse(text), [coded, { given: coded }])
  }
  const family = live.streams('a/s', live.set())
  assert.notEqual(family(buffer), family(new ArrayBuffer(3)))
  assert.equal(family(buffer), family(new Uint8Array(buffer)))
})

test('what JSON cannot have is an RpcError, wherever it is given', async () => {
  const { live } = await client()
  const circle = {}
  circle.circle = circle
  for (const value of [1n, circle]) {
    await assert.rejects(live.call('a/b', [value]), { name: 'RpcError', code: 'VALIDATION' })
    await assert.rejects(live.sessionRpc('a/b')(value), { code: 'VALIDATION' })
    await assert.rejects(live.channel('a/c', live.set()).publish(value), { code: 'VALIDATION' })
    assert.throws(() => live.streams('a/s', live.set())(value), { name: 'RpcError', code: 'VALIDATION' })
  }
})

test('over HTTP: a time limit, and proxies that answer in place of the server', async () => {
  const never = () => new Promise(() => {})
  const { live } = await client({ timeout: 1000, fetch: never })
  const late = [live.sessionRpc('a/signIn')(), live.stream('a/s', live.set()).load()].map(kept)
  const later = kept(live.sessionRpc('a/signIn', { timeout: 5000 })())
  await tick(1000)
  for (const call of late) await assert.rejects(call, { code: 'TIMEOUT' })
  await tick(4000)
  await assert.rejects(later, { code: 'TIMEOUT' })
  let signal
  live.configure({ fetch: (_, init) => ((signal = init.signal), never()) })
  kept(live.sessionRpc('a/signIn')())
  await tick(1000)
  assert.ok(signal.aborted)

  const headers = { 'Retry-After': '7' }
  for (const [body, init, want] of [
    ['<html>Bad Gateway</html>', { status: 502 }, { code: 'UNAVAILABLE' }],
    ['', { status: 503, headers }, { code: 'UNAVAILABLE', retryAfter: 7 }],
    ['{"message":"no healthy upstream"}', { status: 503 }, { code: 'UNAVAILABLE' }],
    ['{"error":"no"}', { status: 503 }, { code: 'UNAVAILABLE' }],
    ['null', {}, { code: 'UNAVAILABLE' }],
    ['{"error":{"code":"FORBIDDEN","message":"no"}}', { status: 403 }, { code: 'FORBIDDEN' }],
  ]) {
    live.configure({ fetch: async () => new Response(body, init) })
    await assert.rejects(live.sessionRpc('a/signIn')(), want)
    await assert.rejects(live.stream('a/s', live.set()).load(), want)
  }
})

test('signing in twice in one turn is one call, unless it is fresh', async () => {
  const keys = []
  const { live } = await client({ fetch: async (_, init) => (keys.push(init.headers['Idempotency-Key']), Response.json({ value: keys.length })) })
  const signIn = live.sessionRpc('a/signIn')
  assert.deepEqual(await Promise.all([signIn('Ada'), signIn('Ada')]), [1, 1])
  assert.deepEqual(await Promise.all([signIn('Ada'), signIn.fresh('Ada'), signIn('Bob')]), [2, 3, 4])
  assert.equal(new Set(keys).size, 4)
})

test('what is larger than the server takes fails alone, and is not sent', async () => {
  const { live, server } = await client()
  const add = live.rpc('a/add')
  const upload = live.rpc('a/upload', { bytes: 0 })
  kept(add('first'))
  await server.accept({ max: 1000, frame: 2000 })
  const sent = server.last.frames.length
  const large = [add('x'.repeat(1000)), add('ä'.repeat(480)), upload(new Uint8Array(2000))]
  const fine = [add('y'.repeat(900)), upload(new Uint8Array(1500))]
  fine.forEach(kept)
  for (const call of large) await assert.rejects(call, { code: 'PAYLOAD_TOO_LARGE' })
  await settle()
  assert.equal(server.last.frames.length - sent, 2)
})

test('a batch is divided into frames that the server takes', async () => {
  const { live, server } = await client()
  const add = live.rpc('a/add')
  kept(add('first'))
  await server.accept({ max: 1000, frame: 2000 })
  const from = server.heard().length
  const ids = (message) => message.b.map((c) => c.id)
  const parts = () => server.heard().slice(from)
  const texts = [900, 900, 10, 1000, 900].map((n) => 'z'.repeat(n))
  const together = kept(live.batch(() => texts.map((text) => kept(add(text)))))
  await settle()
  assert.deepEqual(parts().map((m) => m.b.length), [3, 1])
  assert.equal(new Set(parts().flatMap(ids)).size, 4, 'the one that is too large is not sent')
  await assert.rejects(together, { code: 'PAYLOAD_TOO_LARGE' })

  const before = parts().length
  const results = live.batch(() => texts.filter((t) => t.length < 1000).map((text) => live.rpc('a/next')(text)), { sequential: true })
  await settle()
  assert.equal(parts().length - before, 1, 'the second part waits for the answers to the first')
  for (let part = before; part < before + 2; part++) {
    const message = parts()[part]
    assert.ok(message.q)
    await server.say(...ids(message).map((id) => ({ t: 'ok', id, v: id, s: 0 })))
  }
  assert.equal((await results).length, 4)
})

test('the text of a refusing upgrade is the message of the error', async () => {
  const { live, server } = await client()
  const call = kept(live.rpc('a/add')('x'))
  await server.accept({ hello: false })
  await server.close(4503, 'BANNED: You may not: come in')
  await assert.rejects(call, { code: 'BANNED', message: 'You may not: come in' })
})
