import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { crash, maxRows, shows, start, url, user } from './server.mjs'

before(start)
after(async () => {
  await crash()
  setImmediate(() => process.exit()) // clients try for ever
})

/** A promise that is kept in time, or a failure that says what was not. */
const within = (ms, promise, what) => {
  let timer
  return Promise.race([promise, new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(what())), ms)))]).finally(() =>
    clearTimeout(timer),
  )
}

const texts = (rows) => rows?.map((r) => r.text).join()
const live = (stream) => shows({ subscribe: (run) => stream.subscribe(() => run(stream.status)) }, (s) => s === 'live')

test('calls: results, times, errors with their codes and issues', async () => {
  const { app, live } = await user()
  const note = await app.add('calls', 'one')
  assert.ok(note.at instanceof Date && Math.abs(note.at - Date.now()) < 60_000)
  assert.equal((await app.edit(note.id, { text: 'two', at: new Date(5) })).at.getTime(), 5)
  await assert.rejects(app.add('calls', ''), (e) => e instanceof live.RpcError && e.code === 'VALIDATION' && e.issues[0].path === '/1')
  await assert.rejects(app.edit('none', {}), { code: 'NOT_FOUND', message: 'There is no such note' })
  await assert.rejects(live.call('app/nothing', []), { code: 'NOT_FOUND' })
  assert.deepEqual(
    await live.batch(() => [app.add('calls', 'b'), app.count('calls')], { sequential: true }).then(([n, c]) => [n.text, c]),
    ['b', 2],
  )
})

test('a live stream shows the writes of others in its order', async () => {
  const [a, b] = [await user(), await user()]
  const [here, there] = [a.app.notes('live'), b.app.notes('live')]
  there.subscribe(() => {})
  await Promise.all([live(there), here.ready])
  const second = await a.app.add('live', 'second', 2)
  await a.app.add('live', 'first', 1)
  await shows(there, (rows) => texts(rows) === 'first,second')
  await a.app.edit(second.id, { rank: 0 })
  await shows(there, (rows) => texts(rows) === 'second,first')
  await a.app.drop(second.id)
  const [row] = await shows(there, (rows) => texts(rows) === 'first')
  assert.ok(row.at instanceof Date)
  assert.equal(typeof (await shows(b.app.total, (n) => n > 0)), 'number')
})

test('pages are loaded on demand and stay live', async () => {
  const { app } = await user()
  for (let i = 0; i < 5; i++) await app.add('pages', `${i}`, i)
  const pages = app.pages('pages')
  pages.subscribe(() => {})
  await live(pages)
  assert.deepEqual([texts(pages.current), pages.hasMore], ['0,1', true])
  assert.equal(await pages.loadMore(), true)
  assert.equal(texts(pages.current), '0,1,2,3')
  await app.add('pages', 'x', 2)
  await shows(pages, (rows) => texts(rows)?.includes('x'))
  await pages.loadMore()
  await pages.loadMore()
  assert.deepEqual([texts(pages.current), pages.hasMore], ['0,1,2,x,3,4', false])
})

test('a session: what is said afterwards is said as the new user, and streams follow', async () => {
  const { app, live, sockets } = await user()
  const mine = app.mine
  await Promise.all([shows(mine, (v) => v?.error), app.me().then((me) => assert.equal(me, null))])
  assert.equal(mine.error.code, 'UNAUTHORIZED')
  const shown = shows(mine, (v) => v && !v.error)
  const me = await app.signIn('Ada')
  assert.deepEqual(await app.me(), me)
  await shown
  assert.equal(live.connection.current.key, me.id)
  await app.signOut()
  assert.equal(await app.me(), null)
  assert.equal(sockets.length, 3)
})

test('what is published is kept by its merge', async () => {
  const { app } = await user()
  const log = app.log
  log.subscribe(() => {})
  await live(log)
  for (const text of ['a', 'b', 'c', 'd']) await app.add('log', text)
  const rows = await shows(log, (rows) => texts(rows) === 'b,c,d')
  assert.ok(rows[0].at instanceof Date)
})

test('bytes go and come', async () => {
  const { app } = await user()
  const image = Uint8Array.from({ length: 100_000 }, (_, i) => i)
  const back = await app.size(image, 'ä')
  assert.deepEqual([back.name, Buffer.compare(back.bytes, image)], ['ä', 0])
  await assert.rejects(app.size(new Uint8Array(250_000), 'large'), (e) => e.code === 'PAYLOAD_TOO_LARGE' || e.code === 'VALIDATION')
  assert.equal(await app.count('bytes'), 0, 'the connection, or the next one, serves on')
})

test('channels, rooms and signals', async () => {
  const [a, b] = [await user('Ada'), await user('Bob')]
  const typing = b.app.typing('l')
  typing.subscribe(() => {})
  const mine = a.app.typing('l')
  mine.subscribe(() => {})
  await Promise.all([live(typing), live(mine)])
  await mine.publish({ name: 'Ada' })
  assert.deepEqual(await shows(typing, (v) => v?.length), [{ key: a.me.id, name: 'Ada' }])
  await assert.rejects(mine.publish({ name: 5 }), { code: 'VALIDATION' })
  await mine.clear()
  await shows(typing, (v) => v?.length === 0)

  const [here, there] = [a.app.desk, b.app.desk]
  const people = there.presence('d')
  const leave = here.presence('d').subscribe(() => {})
  await shows(people, (v) => v?.length === 2)
  here.cursors('d').subscribe(() => {})
  await live(here.cursors('d'))
  here.cursors('d').move({ x: 1, y: 2 })
  assert.deepEqual(await shows(there.cursors('d'), (v) => v?.length), [{ key: a.me.id, x: 1, y: 2 }])
  const put = await here.put('d', 'card')
  await shows(there.data('d'), (rows) => rows?.[0]?.id === put.id)
  leave()

  const heard = new Promise((resolve) => b.app.poke.on((text, at) => resolve([text, at])))
  const poke = a.app.pokeUser(b.me.id, 'hey')
  await poke
  const [text, at] = await heard
  assert.deepEqual([text, at instanceof Date, await a.live.reached(poke)], ['hey', true, 1])
})

test('load reads once over HTTP, as whoever asks', async () => {
  const { app } = await user('Eve')
  await app.add('Eve', 'hers')
  const rows = await app.mine.load()
  assert.deepEqual([texts(rows), rows[0].at instanceof Date], ['hers', true])
  const stranger = await user()
  await assert.rejects(stranger.app.mine.load(), { code: 'UNAUTHORIZED' })
})

test('optimistic changes become real ones', async () => {
  const { app } = await user()
  const notes = app.notes('optimism')
  const seen = []
  notes.subscribe((rows) => seen.push(texts(rows)))
  await live(notes)
  const call = app.add('optimism', 'x', 1)
  notes.optimistic('created', { id: 'temporary', text: 'x', rank: 1 }, call)
  assert.equal(texts(notes.current), 'x')
  const real = await call
  await shows(notes, (rows) => rows.length === 1 && rows[0].id === real.id)
  notes.optimistic('created', { id: 'other', text: '', rank: 0 }, app.add('optimism', '', 0))
  assert.equal(texts(notes.current), ',x')
  await shows(notes, (rows) => texts(rows) === 'x')
  assert.ok(!seen.includes('x,x'))
})

test('after a crash the old data stays in view, new data follows, and each write is done once', async () => {
  const { app, live: client } = await user()
  const notes = app.notes('crash')
  const seen = []
  notes.subscribe((rows) => seen.push(texts(rows)))
  await live(notes)
  await app.add('crash', 'before')
  await shows(notes, (rows) => texts(rows) === 'before')
  const writes = Array.from({ length: 20 }, (_, i) => app.add('crash', `${i}`, i + 1))
  await writes[3]
  await crash()
  const during = app.add('crash', 'during', 50)
  await shows(client.connection, (c) => c.state === 'waiting')
  assert.ok(texts(notes.current).startsWith('before'))
  await start()
  await Promise.all([...writes, during])
  assert.equal(await app.count('crash'), 22)
  await shows(notes, (rows) => rows.length === 22 && notes.status === 'live')
  assert.ok(seen.slice(seen.indexOf('before')).every((s) => s?.startsWith('before')))
})

test('a connection that is lost goes on from where it was', async () => {
  const [a, b] = [await user(), await user()]
  const notes = a.app.notes('resume')
  const seen = []
  notes.subscribe((rows) => seen.push(texts(rows)))
  await live(notes)
  b.app.notes('resume').subscribe(() => {}) // somebody stays
  await live(b.app.notes('resume'))
  const frames = a.frames.length
  a.sockets.at(-1).close()
  await b.app.add('resume', 'meanwhile')
  await shows(notes, (rows) => texts(rows) === 'meanwhile')
  const kinds = a.frames
    .slice(frames)
    .flatMap((f) => JSON.parse(f))
    .map((m) => m.t)
  assert.deepEqual([kinds.includes('snap'), kinds.includes('live'), kinds.includes('ev')], [false, true, true])
})

test('who subscribes afresh to a published stream gets what its body gives now, and nothing old is live', async () => {
  const [a, b] = [await user(), await user()]
  for (const stream of [a.app.sums, a.app.replayed]) {
    const stop = stream.subscribe(() => {})
    await live(stream)
    const { notes } = stream.current
    stop()
    await b.app.add('afresh', 'unpublished')
    const seen = []
    const end = stream.subscribe((value) => seen.push([stream.status, value.notes - notes]))
    await live(stream)
    assert.deepEqual([seen[0], seen.at(-1)], [['stale', 0], ['live', 1]])
    assert.ok(seen.every(([status, more]) => status !== 'live' || more === 1))
    end()
  }
})

test('who returns after a lost connection gets the events of a replay, or what the body gives now', async () => {
  const b = await user()
  for (const [name, expected] of [
    ['sums', [true, false]],
    ['replayed', [false, true]],
  ]) {
    const a = await user()
    const stream = a.app[name]
    stream.subscribe(() => {})
    await live(stream)
    const frames = a.frames.length
    const seen = []
    stream.subscribe((value) => seen.push([stream.status, value.by]))
    a.sockets.at(-1).close()
    await b.app.add('return', 'unpublished')
    await b.app.tell('b')
    if (expected[1]) await shows(stream, (value) => value.by === 'b')
    const status = { subscribe: (run) => stream.subscribe(() => run(stream.status)) }
    if (!expected[1]) await shows(status, () => a.frames.slice(frames).some((f) => f.includes('"snap"')))
    await live(stream)
    const kinds = a.frames
      .slice(frames)
      .flatMap((f) => JSON.parse(f))
      .map((m) => m.t)
    assert.deepEqual([kinds.includes('snap'), kinds.includes('live')], expected, name)
    assert.ok(seen.some(([status]) => status === 'stale'))
  }
})

test('after random writes each stream shows what its query gives', async () => {
  const [writer, reader] = [await user(), await user()]
  const { app } = reader
  const streams = ['x', 'y'].flatMap((list) => [app.notes(list), app.first(list), app.labels(list), app.best(list), app.sum(list)])
  streams.push(app.lists, app.total)
  for (const s of streams) s.subscribe(() => {})
  await Promise.all(streams.map(live))
  let seed = 4711
  const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n
  const list = () => 'xy'[random(2)]
  const notes = []
  for (let i = 0; i < 120; i++) {
    const kind = notes.length ? random(6) : 0
    const at = random(notes.length || 1)
    if (kind < 2) notes.push(await writer.app.add(list(), `t${random(9)}`, random(5)))
    else if (kind === 2) await writer.app.edit(notes[at].id, { rank: random(5), text: `t${random(9)}` })
    else if (kind === 3) await writer.app.edit(notes[at].id, { list: list() })
    else if (kind === 4) await writer.app.drop(notes.splice(at, 1)[0].id)
    else await writer.app.shift('x', 'y', random(4))
    if (i % 10 === 9)
      for (const s of streams) {
        const want = await s.load()
        await within(
          30_000,
          shows(s, (v) => isDeepStrictEqual(v, want)),
          () => `after ${i} writes ${s.path}${s.argsText} shows ${JSON.stringify(s.current)}, not ${JSON.stringify(want)}`,
        )
      }
  }
  assert.ok(reader.frames.filter((f) => f.includes('"diff"')).length > 50)
  assert.ok(reader.frames.every((f) => [JSON.parse(f)].flat().every((m) => m.t !== 'resync')))
})

test('a stream that is refused opens when access is granted, as one whose gate opens', async () => {
  const { app, sockets } = await user()
  const closed = app.closed('late')
  const gated = app.gated('late')
  for (const s of [closed, gated]) s.subscribe(() => {})
  await shows({ subscribe: (run) => closed.subscribe(() => run(closed.status)) }, (s) => s === 'error')
  await shows({ subscribe: (run) => gated.subscribe(() => run(gated.status)) }, (s) => s === 'off')
  assert.equal(closed.error.code, 'FORBIDDEN')
  await app.add('late', 'x')
  await app.pass('late')
  for (const s of [closed, gated]) await shows(s, (rows) => texts(rows) === 'x')
  assert.deepEqual([closed.error, closed.status, sockets.length], [undefined, 'live', 1])
})

test('what a closed gate gives can be hydrated', async () => {
  const { app } = await user()
  const gated = app.gated('never')
  const value = await gated.load()
  const shown = gated.hydrate(value)
  assert.deepEqual([value, shown.current, shown.status], [undefined, undefined, 'off'])
})

test('load on a server works with the event of SvelteKit, without a hook', async () => {
  const { app, live } = await user()
  const add = app.add('kit', 'x')
  await add
  const { WebSocket, fetch: own } = globalThis
  const asked = []
  const event = {
    request: new Request('http://localhost:5173/'),
    fetch: (url, init) => own(url, { ...init, headers: { ...init.headers, origin: 'http://localhost:5173' } }), // as SvelteKit does
  }
  assert.equal((await event.fetch(`${url}/_live/stream/app/total?args=[]`, {})).status, 403)
  live.configure({ WebSocket: undefined, fetch: (url, init) => (asked.push(init.headers), own(url, init)) })
  assert.equal(texts(await app.notes('kit').load(event)), 'x')
  assert.deepEqual(asked, [{}])
  live.configure({ WebSocket })
})

test('the last page, and calls at the same time', async () => {
  const { app } = await user()
  for (let i = 0; i < 3; i++) await app.add('last', `${i}`, i)
  const pages = app.pages('last')
  const seen = []
  pages.subscribe((rows) => seen.push(texts(rows)))
  await live(pages)
  assert.deepEqual(await Promise.all([pages.loadMore(), pages.loadMore()]), [true, false])
  assert.equal(seen.at(-1), '0,1,2')
  assert.equal(await pages.loadMore(), false)
})

test('a page that a limit refuses, while the others stay live', async () => {
  const { app } = await user()
  await Promise.all(Array.from({ length: maxRows + 1 }, (_, i) => app.add('refused', `${i}`, i)))
  const pages = app.pages('refused')
  pages.subscribe(() => {})
  await live(pages)
  while (pages.current.length < maxRows) assert.equal(await pages.loadMore(), true)
  const refused = { name: 'RpcError', code: 'RESULT_TOO_LARGE' }
  await assert.rejects(pages.loadMore(), refused)
  await assert.rejects(pages.loadMore(), refused)
  assert.deepEqual([pages.current.length, pages.status, pages.hasMore], [maxRows, 'live', true])
  await app.edit(pages.current[0].id, { text: 'edited' })
  await shows(pages, (rows) => rows[0].text === 'edited')
})

test('bytes are taken in all their forms, and told by their number', async () => {
  const { app } = await user()
  const { buffer } = Uint8Array.from([1, 2, 3, 4])
  for (const [given, want] of [
    [buffer, [1, 2, 3, 4]],
    [new DataView(buffer, 1, 2), [2, 3]],
    [new Uint16Array(buffer, 2, 1), [3, 4]],
    [Buffer.from([9]), [9]],
  ])
    assert.deepEqual([...(await app.size(given, 'x')).bytes], want)
  await assert.rejects(app.size('A'.repeat(300_000), 'text'), (e) => e.code === 'PAYLOAD_TOO_LARGE' || /at most 204,?800 bytes/.test(e.message))
  await assert.rejects(app.count(1n), { name: 'RpcError', code: 'VALIDATION' })
})

test('signing in twice in one turn makes one user, and batches make each of their calls', async () => {
  const { app, live } = await user()
  const [one, two] = await Promise.all([app.signIn('Twin'), app.signIn('Twin')])
  assert.equal(one.id, two.id)
  const [a, b] = await live.batch(() => [app.add('batch', 'a'), app.add('batch', 'a')])
  assert.notEqual(a.id, b.id)
  assert.throws(() => live.batch(() => [app.add('batch', 'never'), assert.fail('mine')]), /mine/)
  assert.equal(await app.count('batch'), 2)
})

test('a stream that has failed can be tried again', async () => {
  const { app, live: client } = await user()
  const bad = app.notes('')
  bad.subscribe(() => {})
  await assert.rejects(bad.ready, { code: 'VALIDATION' })
  bad.retry()
  assert.equal(bad.status, 'loading')
  await assert.rejects(bad.ready, { code: 'VALIDATION' })
  assert.equal(client.connection.current.state, 'open')
})
