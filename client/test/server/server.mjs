// A server of its own, and clients that are users of it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'

const { WORK } = process.env // a folder with the server and what livec has generated
const own = mkdtempSync(join(WORK, 'run-')) // of this process

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

const port = await freePort()
export const url = `http://127.0.0.1:${port}`
/** What a query gives at most, and a list shows. */
export const maxRows = 60
let running

/** Starts the server, with the data of those before it. */
export async function start() {
  const flags = ['--addr', `127.0.0.1:${port}`, '--db', join(own, 'app.db'), '--max-rows', `${maxRows}`]
  running = spawn(join(WORK, 'server'), flags, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  await new Promise((resolve, reject) => {
    const read = (text) => (said += text).includes('listening') && resolve()
    running.stdout.on('data', read)
    running.stderr.on('data', read)
    running.on('exit', () => reject(new Error(`the server has ended:\n${said}`)))
  })
}

/** Ends the server as a crash would. */
export async function crash() {
  const ended = once(running, 'exit')
  running.kill('SIGKILL')
  await ended
}

let count = 0

/** A client with cookies of its own: `live` is the runtime, `app` the generated module. */
export async function user(name) {
  const outfile = join(own, `user${++count}.mjs`)
  const contents = `export * as live from './_live/index.js'; export * as app from './app.ts'`
  await build({ stdin: { contents, resolveDir: join(WORK, 'gen/client') }, bundle: true, format: 'esm', outfile, logLevel: 'error' })
  const one = { ...(await import(outfile)), sockets: [], frames: [] }
  let cookie = ''
  const headers = () => (cookie ? { cookie } : {})
  one.live.configure({
    url,
    timeout: 120_000, // the machine may be busy
    WebSocket: class extends WebSocket {
      constructor(url, protocols) {
        super(url, { protocols, headers: headers() })
        one.sockets.push(this)
        this.addEventListener('message', (e) => one.frames.push(e.data))
      }
    },
    fetch: async (url, init) => {
      const answer = await fetch(url, { ...init, headers: { ...init.headers, ...headers() } })
      for (const c of answer.headers.getSetCookie()) cookie = c.split(';')[0]
      return answer
    },
  })
  if (name) one.me = await one.app.signIn(name)
  return one
}

/** Waits until what a store shows passes a test, and gives it. */
export const shows = (store, test) =>
  new Promise((resolve) => {
    let done = false
    let stop
    stop = store.subscribe((value) => {
      if (done || !test(value)) return
      done = true
      resolve(value)
      queueMicrotask(() => stop())
    })
  })
