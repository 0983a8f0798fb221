// What the tests share: servers of the examples, a browser, and users in it.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
export const root = dirname(here)
export const web = join(root, 'examples', 'web')
export const temporary = join(here, '.tmp')
export const livec = join(temporary, 'livec')
export const pages = ['chat', 'todo', 'poll', 'board'] // the examples with a page of their own
export const servers = [...pages, 'call', 'cursors']
export const plain = join(temporary, 'plain') // a site with nothing on it but the client, for the app of the client's tests

const PATIENCE = 30_000 // milliseconds that a condition may take

/** Waits until a condition holds. If it does not hold in time, the error shows why it failed last. */
export async function eventually(what, condition, patience = PATIENCE) {
  const end = Date.now() + patience
  let last
  for (;;) {
    try {
      if (await condition()) return
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`${what}: not in ${patience / 1000} s${last ? `; ${last.message}` : ''}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** The server that livec has built of one example. Its database stays when it is killed. */
class Server {
  #app
  #site
  #port
  #folder
  #process
  #log = ''

  constructor(app, port, site = pages.includes(app) ? join(web, 'dist', app) : undefined) {
    this.#app = app
    this.#site = site
    this.#port = port
    this.#folder = mkdtempSync(join(temporary, `${app}-`))
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`
  }

  async start() {
    const args = ['--addr', `127.0.0.1:${this.#port}`, '--db', join(this.#folder, 'app.db'), ...(this.#site ? ['--web', this.#site] : [])]
    const child = spawn(join(temporary, this.#app), args, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    let ended = false
    child.on('exit', () => (ended = true))
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (this.#log = (this.#log + data).slice(-20_000)))
    await eventually(
      `${this.#app} answers`,
      async () => {
        if (ended) throw new Error(`the server has ended:\n${this.#log}`)
        return (await fetch(`${this.url}/healthz`)).ok
      },
    )
  }

  /** Ends the server at once, as a crash does. */
  async kill() {
    await this.#end('SIGKILL')
  }

  async #end(signal) {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  async close() {
    await this.#end('SIGTERM')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get log() {
    return this.#log
  }
}

/** Starts the server of an example for a test, with another site if one is given. */
export async function serve(t, app, site) {
  const server = new Server(app, await freePort(), site)
  t.after(() => server.close())
  await server.start()
  return server
}

/** Makes a proxy to a server, with an address of its own: `cut` closes all connections and refuses new ones, `mend` accepts them again. */
export async function network(t, server) {
  const open = new Set()
  let whole = true
  const relay = createServer((near) => {
    if (!whole) return near.destroy()
    const far = connect(Number(new URL(server.url).port), '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => (open.delete(from), to.destroy()))
    }
  })
  await new Promise((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    whole = false
    for (const socket of open) socket.destroy()
  }
  t.after(() => (cut(), relay.close()))
  return { url: `http://127.0.0.1:${relay.address().port}`, cut, mend: () => (whole = true) }
}

const executable = () => [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path))

/** Opens a browser for a test. `person` makes a context with its own cookies, like another machine. */
export async function launch(t, options = {}) {
  const browser = await chromium.launch({
    executablePath: executable(),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  t.after(() => browser.close())
  const broken = []
  t.after(() => {
    if (broken.length > 0) throw new Error(`scripts failed in a page:\n${broken.join('\n')}`)
  })
  return {
    async person(url) {
      const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, ...options })
      context.setDefaultTimeout(PATIENCE)
      context.on('weberror', (e) => broken.push(String(e.error().stack ?? e.error())))
      const page = await context.newPage()
      await page.goto(url)
      return page
    },
  }
}

/** Signs in by name, without a password. */
export async function signInAs(page, name) {
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.locator('header .who').filter({ hasText: name }).waitFor()
}

/** Waits for the page's connection to be in a state: open, waiting. */
export const connected = (page, state = 'open') => page.locator(`header .state[data-state="${state}"]`).waitFor()
