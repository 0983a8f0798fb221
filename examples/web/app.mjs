// Works on the pages: node app.mjs generate|build|check [APP…], dev APP, start [APP…]. The compiler is the one of this checkout, or the one that LIVEC names.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { dirname, join } from 'node:path'
import { apps } from './apps.js'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(dirname(here))
const bin = (name) => join(here, 'node_modules', '.bin', name)
const [livec, ...livecArgs] = process.env.LIVEC ? [process.env.LIVEC] : ['go', 'run', './cmd/livec']

const [task = 'build', ...named] = process.argv.slice(2)
const chosen = named.length > 0 ? named : Object.keys(apps)
for (const name of chosen) if (!(name in apps)) stop(`there is no page for ${name}; there are ${Object.keys(apps).join(', ')}`)

function stop(message) {
  console.error(message)
  process.exit(1)
}

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options })
  if (error) stop(`${command} cannot be run: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

/** Has livec write the modules behind $live for an app. */
function generate(app) {
  run(livec, [...livecArgs, 'build', `examples/${app}.live`, '-o', `examples/web/_gen/${app}`], { cwd: root })
}

function build(app) {
  generate(app)
  run(bin('vite'), ['build', '--logLevel', 'warn'], { cwd: here, env: { ...process.env, APP: app } })
}

/** Serves an app until this process ends. */
function serve(app, port, web) {
  const args = [...livecArgs, 'run', `examples/${app}.live`, '--addr', `127.0.0.1:${port}`, ...(web ? ['--web', join(here, 'dist', app)] : [])]
  const server = spawn(livec, args, { cwd: root, stdio: 'inherit', detached: true }) // with a process group of its own: go run does not pass signals on
  server.on('error', (error) => stop(`${livec} cannot be run: ${error.message}`))
  server.on('exit', (code) => process.exit(code ?? 1))
  process.on('exit', () => {
    try {
      process.kill(-server.pid, 'SIGTERM')
    } catch {
      // it has ended
    }
  })
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))

switch (task) {
  case 'generate':
    chosen.forEach(generate)
    break
  case 'build':
    chosen.forEach(build)
    break
  case 'check':
    Object.keys(apps).forEach(generate)
    run(bin('svelte-check'), ['--fail-on-warnings'], { cwd: here })
    break
  case 'dev': {
    const app = named[0] ?? 'chat'
    generate(app)
    serve(app, apps[app].port, false)
    const vite = spawn(bin('vite'), [], { cwd: here, stdio: 'inherit', env: { ...process.env, APP: app, LIVE_URL: `http://127.0.0.1:${apps[app].port}` } })
    vite.on('exit', (code) => process.exit(code ?? 1))
    process.on('exit', () => vite.kill())
    break
  }
  case 'start':
    chosen.forEach(build)
    for (const app of chosen) serve(app, apps[app].port, true)
    break
  default:
    stop(`there is no task ${task}; there are generate, build, check, dev and start`)
}
