import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { after, before, mock, test } from 'node:test'
import { crash, shows, start, url, user } from './server.mjs'

before(start)
after(async () => {
  await crash()
  setImmediate(() => process.exit()) // clients try for ever
})

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as another server would make it, good for some seconds. */
function jwt(who, seconds = 3600) {
  const text = `${part({ alg: 'HS256' })}.${part({ sub: who.me.id, exp: Math.floor(Date.now() / 1000) + seconds })}`
  return `${text}.${createHmac('sha256', 'what the tests of the client sign with').update(text).digest('base64url')}`
}

/** A client that has no cookie, whose app gives a token. */
async function bearing(token, options) {
  const one = await user()
  one.live.configure({ token, ...options })
  return one
}

test('bearer() is the token of the client: over the connection, over HTTP, and in no address', async () => {
  const ada = await user('Ada')
  await ada.app.add('Ada', 'hers')
  const token = jwt(ada)
  const urls = []
  const fetcher = (url, init) => (urls.push(url), fetch(url, init))
  const { app, live, sockets } = await bearing(async () => token, { fetch: fetcher })
  assert.deepEqual(await app.me(), ada.me)
  assert.equal(live.connection.current.key, ada.me.id)
  assert.equal((await app.mine.load())[0].text, 'hers')
  await app.signOut()
  assert.deepEqual(await app.me(), ada.me, 'a token is no session')
  assert.deepEqual([urls.length, sockets.length], [2, 2])
  assert.ok(![...urls, ...sockets.map((s) => s.url)].some((u) => u.includes(token)))
})

test('query() is the query of the address', async () => {
  const ada = await user('Ada')
  const { app, live } = await bearing(undefined, { url: `${url.replace('http', 'ws')}?lang=en&token=${jwt(ada)}` })
  assert.deepEqual(await app.me(), ada.me)
  await app.mine.load()
  await app.signOut() // over HTTP
  assert.equal(live.connection.current.state !== 'closed' && (await app.me()).id, ada.me.id)
})

test('after reconnect the connection belongs to the user of the new token, and streams follow', async () => {
  const [ada, bob] = [await user('Ada2'), await user('Bob2')]
  await bob.app.add('Bob2', 'his')
  let token = null
  const { app, live } = await bearing(() => token)
  assert.equal(await app.me(), null)
  const mine = app.mine
  await shows(mine, (v) => v?.error)
  for (const [who, texts] of [[ada, ''], [bob, 'his']]) {
    token = jwt(who)
    const shown = shows(mine, (rows) => rows && !rows.error && rows.map((r) => r.text).join() === texts)
    live.reconnect()
    assert.deepEqual(await app.me(), who.me)
    await shown
  }
  token = null
  live.reconnect()
  assert.equal(await app.me(), null)
})

test('a token that the server refuses is requested again', async () => {
  const ada = await user('Ada')
  for (const read of [(app) => app.me(), (app) => app.mine.load()]) {
    const tokens = [jwt(ada).slice(0, -1), jwt(ada)]
    let asked = 0
    const { app } = await bearing(() => tokens[asked++])
    await read(app)
    assert.equal(asked, 2)
  }
})

const timeOf = (id) => parseInt(id.replaceAll('-', '').slice(0, 12), 16)

test('ids keep to the time of the server, whatever the clock of the client shows, and grow', async () => {
  const real = Date.now
  for (const skew of [10 * 86_400_000, -10 * 86_400_000, 90_000, 0]) {
    const clock = mock.method(Date, 'now', () => real() + skew)
    const { app, frames } = await user()
    const first = await app.add('ids', 'before the time of the server is known')
    assert.ok(frames.length > 0)
    const notes = await Promise.all(Array.from({ length: 30 }, (_, i) => app.add('ids', `${i}`)))
    clock.mock.restore()
    const ids = notes.map((n) => n.id)
    assert.deepEqual(ids, ids.toSorted())
    for (const id of [first.id, ...ids]) assert.ok(Math.abs(timeOf(id) - real()) < 60_000, `${id} with a clock that is off by ${skew}`)
  }
})

test('an id is the one that its client has predicted, with a clock that is wrong, too', async () => {
  const real = Date.now
  const clock = mock.method(Date, 'now', () => real() + 10 * 86_400_000)
  const { app, sockets } = await user()
  await app.count('predicted')
  const sent = mock.method(sockets[0], 'send')
  const { id } = await app.add('predicted', 'x')
  clock.mock.restore()
  const { k } = JSON.parse(sent.mock.calls[0].arguments[0])
  const hash = createHash('sha256').update(Buffer.from(`${k.replaceAll('-', '')}00000000`, 'hex')).digest('hex')
  const variant = ((parseInt(hash.slice(0, 2), 16) & 0x3f) | 0x80).toString(16)
  assert.equal(id, `${k.slice(0, 14)}7000-${variant}${hash.slice(2, 4)}-${hash.slice(4, 16)}`)
})
