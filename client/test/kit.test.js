import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { handleFetch } from '../dist/live.kit.js'
import live from '../dist/live.vite.js'

test('what a page that is rendered asks of Live goes to its server, as whoever asked for the page', async () => {
  const asked = []
  const fetch = async (request) => (asked.push(request), new Response())
  const native = mock.method(globalThis, 'fetch', fetch)
  const event = { request: new Request('http://site/', { headers: { cookie: 'live=1' } }) }
  await handleFetch({
    event,
    request: new Request('http://site/_live/stream/chat/messages?args=[]', { headers: { origin: 'http://site' } }),
    fetch,
  })
  await handleFetch({ event, request: new Request('http://site/other'), fetch })
  for (const [sent, own] of [
    ['Bearer page', undefined],
    ['Bearer page', 'Bearer own'],
    ['Basic eDp5', undefined],
  ]) {
    const page = { request: new Request('http://site/', { headers: { authorization: sent } }) }
    await handleFetch({
      event: page,
      request: new Request('http://site/_live/stream/a/b', { headers: own ? { authorization: own } : {} }),
      fetch,
    })
  }
  assert.deepEqual(
    asked.splice(2).map((r) => r.headers.get('authorization')),
    ['Bearer page', 'Bearer own', null],
  )
  assert.deepEqual(
    asked.map((r) => [r.url, r.headers.get('cookie'), r.headers.get('origin')]),
    [
      ['http://127.0.0.1:8080/_live/stream/chat/messages?args=[]', 'live=1', null],
      ['http://site/other', null, null],
    ],
  )
  assert.equal(native.mock.callCount(), 4, "what is Live's goes by fetch itself")
  native.mock.restore()
})

test('an empty LIVE_URL is none', async () => {
  const before = process.env.LIVE_URL
  process.env.LIVE_URL = ''
  const asked = []
  const native = mock.method(globalThis, 'fetch', async (request) => (asked.push(request.url), new Response()))
  const event = { request: new Request('http://site/') }
  await handleFetch({ event, request: new Request('http://site/_live/stream/a/b'), fetch })
  native.mock.restore()
  assert.deepEqual([asked, live().config().server.proxy['/_live'].target], [['http://127.0.0.1:8080/_live/stream/a/b'], 'http://127.0.0.1:8080'])
  if (before === undefined) delete process.env.LIVE_URL
  else process.env.LIVE_URL = before
})

test('an app below a path: the client asks there, and the server is reached at its own address', async () => {
  const plugin = live({ target: 'http://127.0.0.1:1/own' })
  const { server, preview } = plugin.config({ base: '/app/' })
  const { rewrite, ...proxy } = server.proxy['/app/_live']
  assert.deepEqual([proxy, Object.keys(preview.proxy)], [{ target: 'http://127.0.0.1:1/own', ws: true }, ['/_live', '/app/_live']])
  assert.equal(rewrite('/app/_live/ws'), '/_live/ws')
  const code = (command, base, where = {}) => {
    plugin.configResolved({ command, base, isProduction: command === 'build', root: '/', server: { fs: { allow: [] } } })
    return plugin.transform('code', '/x/_live/index.js', where)?.code
  }
  assert.equal(code('build', '/app/'), 'code\nconfigure({ url: "/app" })\n')
  assert.match(code('serve', '/app/'), /configure\(\{ url: "\/app", development: true \}\)/)
  for (const none of ['/', './', '', 'https://cdn.example/app/', '//cdn.example/', undefined]) assert.equal(code('build', none), undefined)
  assert.equal(code('build', '/app/', { ssr: true }), undefined)

  const before = process.env.LIVE_URL
  process.env.LIVE_URL = 'http://127.0.0.1:8080/app/'
  const asked = []
  const note = async (request) => (asked.push(request.url), new Response())
  const native = mock.method(globalThis, 'fetch', note)
  const event = { request: new Request('http://site/app/page') }
  for (const url of ['http://site/app/_live/stream/a/b?args=[]', 'http://site/_live/stream/a/b', 'http://other/x/_live/stream/a/b'])
    await handleFetch({ event, request: new Request(url), fetch: note })
  native.mock.restore()
  assert.deepEqual(asked, [
    'http://127.0.0.1:8080/app/_live/stream/a/b?args=[]',
    'http://127.0.0.1:8080/app/_live/stream/a/b',
    'http://other/x/_live/stream/a/b',
  ])
  if (before === undefined) delete process.env.LIVE_URL
  else process.env.LIVE_URL = before
})

test('the vite plugin: names, proxy, Svelte, and the overlay in development alone', async () => {
  const plugin = live({ target: 'http://127.0.0.1:1' })
  const { resolve, server } = plugin.config()
  const named = (id) => resolve.alias.reduce((s, { find, replacement }) => s.replace(find, replacement), id)
  assert.match(named('$live'), /dist\/_live\/index\.js$/)
  assert.match(named('$live/rooms/lobby'), /dist\/rooms\/lobby$/)
  assert.equal(named('$lively'), '$lively')
  assert.deepEqual(server.proxy['/_live'], { target: 'http://127.0.0.1:1', ws: true })

  const at = (resolved) => ({ resolve: async () => (resolved instanceof Error ? Promise.reject(resolved) : resolved) })
  const track = (resolved) => plugin.resolveId.call(at(resolved), './track.js', '/x/_live/index.js?v=1')
  assert.match(await track({ id: 'svelte' }), /_live\/svelte\.js$/)
  assert.equal(await track(null), null)
  assert.equal(await track(new Error('Missing specifier')), null)
  assert.equal(await plugin.resolveId.call(at({}), './track.js', '/x/_live/svelte.js'), null)

  const config = (command) => ({ command, isProduction: command === 'build', root: '/', server: { fs: { allow: [] } } })
  plugin.configResolved(config('serve'))
  const shown = plugin.transform('code', '/x/_live/index.js', { ssr: false }).code
  assert.match(shown, /^import '\.\/devtools\.js'\ncode\nconfigure\(\{ development: true \}\)/)
  const plain = live({ devtools: false })
  plain.configResolved(config('serve'))
  assert.match(plain.transform('code', '/x/_live/index.js', {}).code, /^code\nconfigure/)
  assert.equal(plugin.transform('code', '/x/_live/index.js', { ssr: true }), undefined)
  assert.equal(plugin.transform('code', '/x/other.js', {}), undefined)
  plugin.configResolved(config('build'))
  assert.equal(plugin.transform('code', '/x/_live/index.js', { ssr: false }), undefined)
})

test('when livec has written modules, the page is loaded anew, once', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const plugin = live()
  const sent = []
  let changed
  plugin.configureServer({ watcher: { on: (_, listener) => (changed = listener) }, ws: { send: (message) => sent.push(message) } })
  const own = new URL('../dist/_live/contract.js', import.meta.url).pathname
  changed('change', own)
  changed('add', own)
  changed('change', '/elsewhere/page.svelte')
  assert.deepEqual(sent, [])
  mock.timers.tick(100)
  assert.deepEqual(sent, [{ type: 'full-reload' }])
  assert.deepEqual(plugin.handleHotUpdate({ file: own }), [], 'no module is replaced alone')
  assert.equal(plugin.handleHotUpdate({ file: '/elsewhere/page.svelte' }), undefined)
  mock.timers.reset()
})
