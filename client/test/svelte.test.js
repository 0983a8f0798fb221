import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { compileModule } from 'svelte/compiler'
import { client, settle } from './fake.js'

const here = dirname(fileURLToPath(import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'live-svelte-'))
after(() => rmSync(work, { recursive: true }))

/** Svelte's part in a bundle: runes are compiled, and track.js is what the vite plugin puts in its place. */
const svelte = (generate) => ({
  name: 'svelte',
  setup(b) {
    b.onLoad({ filter: /\.svelte\.js$/ }, ({ path }) => ({
      contents: compileModule(readFileSync(path, 'utf8'), { filename: path, generate }).js.code,
    }))
    b.onResolve({ filter: /^\.\/track\.js$/ }, ({ importer }) =>
      importer.endsWith('index.js') ? { path: join(here, '../dist/_live/svelte.js') } : undefined,
    )
  },
})

let count = 0

/** A fresh client with Svelte, and what a page does with it. */
async function page(generate = 'client') {
  const outfile = join(work, `${++count}.mjs`)
  await build({
    stdin: {
      contents: `export * as live from '../dist/_live/index.js'; export * as page from './svelte/page.svelte.js'`,
      resolveDir: here,
    },
    bundle: true,
    format: 'esm',
    conditions: generate === 'client' ? ['browser'] : [],
    plugins: [svelte(generate)],
    outfile,
    logLevel: 'error',
  })
  const { live, page } = await import(pathToFileURL(outfile))
  const { server } = await client()
  live.configure({ url: 'ws://test', WebSocket: generate === 'client' ? server.socket() : undefined })
  return { live, server, ...page }
}

const snap = (id, v) => ({ t: 'snap', id, c: id, e: 'E', s: 1, v })
const kinds = (server) => server.heard().map((m) => `${m.t} ${m.a ?? m.id}`)

/** Lets what is scheduled run, effects too. */
const turn = async (flushSync) => {
  await settle()
  flushSync()
  await settle()
}

test('runes and stores read one subscription, which ends with the last of them', async () => {
  const { live, server, watch, flushSync } = await page()
  const list = live.stream('a/s', live.diff())
  const one = watch(() => list.current?.length)
  const two = watch(() => list.status)
  const state = watch(() => live.connection.current.state)
  const stop = list.subscribe(() => {})
  await server.accept()
  await server.say(snap(1, ['a', 'b']))
  flushSync()
  assert.deepEqual(
    [one.seen, two.seen, [...new Set(state.seen)]],
    [
      [undefined, 2],
      ['loading', 'live'],
      ['connecting', 'open'],
    ],
  )
  assert.equal(server.heard().length, 1)
  one.stop()
  two.stop()
  await turn(flushSync)
  assert.equal(server.heard().length, 1)
  stop()
  await turn(flushSync)
  assert.deepEqual(kinds(server), ['sub ', 'unsub 1'])
  const again = watch(() => list.current?.length)
  await turn(flushSync)
  assert.deepEqual([kinds(server).at(-1), again.seen], ['sub ', [2]])
})

test('another argument is another stream, and the old one ends', async () => {
  const { live, server, parts, box, flushSync } = await page()
  const room = box('x')
  const { seen } = parts(live.streams('a/s', live.diff()), room)
  await server.accept()
  await server.say(snap(1, ['a']))
  flushSync()
  room.value = 'y'
  await turn(flushSync)
  await server.say(snap(2, ['b', 'c']))
  await turn(flushSync)
  assert.deepEqual(seen, ['x:undefined', 'x:1', 'y:undefined', 'y:2'])
  assert.deepEqual(kinds(server), ['sub x', 'sub y', 'unsub 1'])
})

test('a condition is followed as often as it changes: as a rune, and as a store within what it has drawn anew', async () => {
  const { live, server, watch, block, box, flushSync } = await page()
  const open = box(false)
  const maybe = live.stream('a/s', live.set()).when(() => open.value)
  const [rune, store] = [watch(() => maybe.current), block(maybe)]
  live.call('a/b', []).catch(() => {})
  await server.accept()
  for (let id = 2; id < 8; id += 1) {
    open.value = true
    await turn(flushSync)
    assert.equal(server.heard().at(-1).t, 'sub')
    await server.say(snap(server.heard().at(-1).id, id))
    await turn(flushSync)
    assert.deepEqual([rune.seen.at(-1), store.seen.at(-1)], [id, id])
    open.value = false
    await turn(flushSync)
    assert.deepEqual([rune.seen.at(-1), store.seen.at(-1), server.heard().at(-1).t], [undefined, undefined, 'unsub'])
  }
  rune.stop()
  store.stop()
  open.value = true
  await turn(flushSync)
  assert.equal(server.heard().at(-1).t, 'unsub', 'nobody reads it any more')
})

test('on a server values are read, and nothing is subscribed', async () => {
  const { live, server, get } = await page('server')
  const all = live.streams('a/s', live.diff())
  const mine = all('x').hydrate(['a'])
  assert.deepEqual([mine.current, get(mine), all('x').current, live.connection.current.state], [['a'], ['a'], undefined, 'idle'])
  assert.equal(server.sockets.length, 0)
})
