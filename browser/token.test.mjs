import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { launch, plain, serve } from './harness.mjs'

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as another server would make it. */
function jwt(user) {
  const text = `${part({ alg: 'HS256' })}.${part({ sub: user.id, exp: Math.floor(Date.now() / 1000) + 3600 })}`
  return `${text}.${createHmac('sha256', 'what the tests of the client sign with').update(text).digest('base64url')}`
}

test('a page identifies its user by a token, or by the query of the address', async (t) => {
  const server = await serve(t, 'app', plain)
  const browser = await launch(t)
  const page = await browser.person(server.url)
  const requests = []
  page.on('request', (r) => requests.push(r))
  page.on('websocket', (ws) => requests.push(ws))
  const sign = (name) => page.evaluate(async (name) => (await import('/client/index.js')).sessionRpc('app/signIn')(name), name)
  const ada = await sign('Ada')
  const bob = await sign('Bob')
  await page.context().clearCookies()
  await page.reload()

  const tokens = { Ada: jwt(ada), Bob: jwt(bob) }
  const said = await page.evaluate(async (tokens) => {
    const live = await import('/client/index.js')
    let token = null
    live.configure({ token: async () => token })
    const mine = live.stream('app/mine', live.diff({ key: ['id'] }))
    const add = live.rpc('app/add', { write: true })
    const seen = [await live.call('app/me', [])]
    for (const name of ['Ada', 'Bob']) {
      token = tokens[name]
      live.reconnect()
      seen.push((await live.call('app/me', [])).name, (await add(name, `of ${name}`)).text, (await mine.load())[0].text)
    }
    live.configure({ token: undefined, url: `/?token=${tokens.Ada}` })
    live.reconnect()
    seen.push((await live.call('app/me', [])).name, (await mine.load())[0].text)
    return seen
  }, tokens)
  assert.deepEqual(said, [null, 'Ada', 'of Ada', 'of Ada', 'Bob', 'of Bob', 'of Bob', 'Ada', 'of Ada'])
  const named = requests.map((r) => r.url()).filter((url) => url.includes('token='))
  assert.equal(named.length, 2, 'a token that is given as one is in no address')
  assert.ok(requests.every((r) => !r.url().includes(tokens.Bob)))
  assert.ok(!server.log.includes(tokens.Ada) && !server.log.includes(tokens.Bob))
})
