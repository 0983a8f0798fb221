import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, freePort, launch, livec, plain, root, serve, temporary, web } from './harness.mjs'

/** The app in its versions: the second has one rpc more, the third asks another rpc for more. */
const versions = [
  { more: '', count: 'list: string(1..20)' },
  { more: 'rpc more() -> string public { return "more" }\n', count: 'list: string(1..20)' },
  { more: '', count: 'list: string(1..20), least: int(0..9)' },
]

const source = ({ more, count }) => `table Note { id: id  list: string(1..20)  rank: int = 1  index (list, rank) }
rpc add(list: string(1..20)) -> Note public { return insert Note { list } }
rpc count(${count}) -> int public { return Note | filter .list == list && .rank > ${count.includes('least') ? 'least' : '0'} | count() }
${more}`

function run(command, args, options) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}

/** An app that is being worked on: `build` has livec write a version, and `compile` makes the server of it. */
function project(t) {
  const folder = mkdtempSync(join(web, '_gen/project-')) // a path that Go can import
  const name = `project-${process.pid}-${folder.slice(-6)}`
  t.after(() => {
    rmSync(folder, { recursive: true, force: true })
    rmSync(join(temporary, name), { force: true })
  })
  const write = (file, text) => writeFileSync(join(folder, file), text)
  const build = (version) => {
    write('app.live', source(versions[version]))
    run(livec, ['build', join(folder, 'app.live'), '-o', join(folder, 'gen')], { cwd: root })
  }
  const compile = () => {
    rmSync(join(temporary, name), { force: true }) // it may be running
    run('go', ['build', '-o', join(temporary, name), `./${folder.slice(root.length + 1)}/gen/server`], { cwd: root })
  }
  return { folder, name, write, build, compile }
}

/** How many clients are connected to a server. */
async function connections(server) {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^live_connections(?:{[^}]*})? (\d+)/m.exec(text)[1])
}

test('a hidden page, whose timers run once a minute, keeps its connection', async (t) => {
  const server = await serve(t, 'app', plain)
  const browser = await launch(t)
  const page = await browser.person(server.url)
  await page.clock.install()
  const sockets = []
  let pongs = 0
  page.on('websocket', (socket) => {
    sockets.push(socket)
    socket.on('framereceived', ({ payload }) => (pongs += String(payload).includes('"pong"')))
  })
  const state = () => page.evaluate(async () => (await import('/client/index.js')).connection.current.state)
  await page.evaluate(async () => (await import('/client/index.js')).call('app/me', []))
  for (let minute = 1; minute <= 5; minute++) {
    await page.clock.fastForward(60_000) // each timer runs at most once
    await eventually('a ping is answered', () => pongs >= minute)
  }
  assert.deepEqual([sockets.length, await state()], [1, 'open'])
})

test('while vite serves a page, the page follows what livec builds', async (t) => {
  const app = project(t)
  app.write('index.html', '<!doctype html><title>Live</title><script type="module" src="/main.js"></script>')
  app.write('main.js', `import * as live from '$live'\nimport * as app from '$live/app'\nObject.assign(window, { live, app })\nimport.meta.hot?.accept() // as components do\n`)
  app.write('vite.config.js', `import live from './gen/client/live.vite.js'\nexport default { plugins: [live()] }\n`)
  app.build(0)
  app.compile()
  const server = await serve(t, app.name)
  const port = await freePort()
  const vite = spawn('node', [join(web, 'node_modules/vite/bin/vite.js'), '--host', '127.0.0.1', '--port', `${port}`, '--strictPort'], {
    cwd: app.folder,
    env: { ...process.env, LIVE_URL: server.url },
    stdio: 'ignore',
  })
  t.after(() => vite.kill())
  const address = `http://127.0.0.1:${port}/`
  await eventually('vite answers', async () => (await fetch(address)).ok)
  const browser = await launch(t)
  const page = await browser.person(address)
  const runs = (code) => page.evaluate(code)
  await eventually('the page works', async () => (await runs(`window.app.count('x')`)) === 0)

  app.build(1)
  await eventually('the page has the new modules', () => runs(`'more' in window.app`))
  runs(`window.app.count('x').then((n) => (window.counted = n), (e) => (window.failed = e.code))`).catch(() => {})
  await eventually('the old server refuses it', () => runs(`window.live.connection.current.code === 4510`))
  assert.notEqual(await runs(`window.live.connection.current.state`), 'closed')
  app.compile()
  await server.kill()
  await server.start()
  await eventually('the page is connected', () => runs(`window.live.connection.current.state === 'open'`))
  assert.equal(await runs(`window.app.more()`), 'more')
  assert.equal(await connections(server), 1, 'there is one client')
})

test('a page that is open follows releases: it stays if it can, else it is loaded anew, and each write is done once', async (t) => {
  const app = project(t)
  const site = join(app.folder, 'site')
  const release = (version) => {
    app.build(version)
    app.compile()
    cpSync(join(app.folder, 'gen/client/_live'), join(site, 'client'), { recursive: true })
  }
  mkdirSync(site)
  app.write('site/index.html', '<!doctype html><title>Live</title><script type="module" src="/main.js"></script>')
  app.write(
    'site/main.js',
    `import * as live from './client/index.js'
     sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1
     Object.assign(window, { live, add: live.rpc('app/add', { write: true }), count: live.rpc('app/count') })`,
  )
  release(0)
  const server = await serve(t, app.name, site)
  const browser = await launch(t)
  const page = await browser.person(server.url)
  const runs = (code) => page.evaluate(code)
  await eventually('the page works', async () => (await runs(`window.count('x')`)) === 0)

  await server.kill()
  await runs(`void window.add('x')`)
  release(1)
  await server.start()
  await eventually('the write is done', async () => (await runs(`window.count('x')`)) === 1)
  assert.equal(await runs(`sessionStorage.loads`), '1', 'the contract has only grown')

  await server.kill()
  await runs(`void window.add('x')`)
  await runs(`void window.add('x')`)
  release(2)
  await server.start()
  await eventually('the page is the new one', () => runs(`sessionStorage.loads === '2' && 'count' in window`))
  await eventually('the writes are done', async () => (await runs(`window.count('x', 0)`)) === 3)
  assert.equal(await runs(`sessionStorage.loads`), '2')
})
