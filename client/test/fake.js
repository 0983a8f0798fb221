// A client of its own for each test, and a server that does what the test says.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mock } from 'node:test'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

let count = 0

/** Lets everything run that is ready to. */
export const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A promise that may be rejected before anybody looks. */
export const kept = (promise) => (promise.catch(() => {}), promise)

/** A fresh client, its fake server, and clocks that stand still until `tick`. */
export async function client(options = {}, contract) {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_700_000_000_000 })
  mock.method(Math, 'random', () => 0.5)
  const live = await import(contract ? withContract(contract) : `../dist/_live/index.js?${++count}`)
  const server = new Server()
  live.configure({ url: 'ws://test', WebSocket: server.socket(), ...options })
  return { live, server }
}

/** A client that was built for a contract: the address of a copy of it. */
function withContract({ hash, entryPoints }) {
  const folder = mkdtempSync(join(tmpdir(), 'live-contract-'))
  cpSync(new URL('../dist/_live', import.meta.url), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const values = { hash, entryPoints }
  const lines = Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
  writeFileSync(join(folder, 'contract.js'), lines.join('\n'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  return pathToFileURL(join(folder, 'index.js')).href
}

/** Advances the clocks and lets everything run that is then ready to. */
export async function tick(ms) {
  mock.timers.tick(ms)
  await settle()
}

class Server {
  sockets = []

  /** The class of WebSockets that lead here. */
  socket() {
    const server = this
    return class {
      constructor(url, protocol) {
        Object.assign(this, { url, protocol, frames: [], open: false })
        server.sockets.push(this)
      }
      send(frame) {
        if (!this.open) throw new Error('the socket is not open')
        this.frames.push(frame)
      }
      close() {
        this.open = false
        this.closed = true
      }
    }
  }

  get last() {
    return this.sockets.at(-1)
  }

  /** Accepts the connection, and says hello unless `hello` is false. */
  async accept({ hello = true, ...more } = {}) {
    this.last.open = true
    this.last.onopen()
    await settle()
    if (hello) await this.say({ t: 'hello', v: 1, h: '', e: 'e', hb: 25_000, ...more })
  }

  /** Sends messages in one frame. */
  async say(...messages) {
    this.last.onmessage({ data: JSON.stringify(messages.length === 1 ? messages[0] : messages) })
    await settle()
  }

  /** Ends the connection. */
  async close(code = 1006, reason = '') {
    this.last.close()
    this.last.onclose({ code, reason })
    await settle()
  }

  /** What has come over the present connection, apart from hello; `from` skips what came before. */
  heard(from = 0) {
    return this.last.frames
      .filter((f) => typeof f === 'string')
      .flatMap((f) => JSON.parse(f))
      .filter((m) => m.t !== 'hello')
      .slice(from)
  }
}
