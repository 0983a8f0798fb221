// Builds what the tests use, once: livec, and the pages and servers of the examples.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { livec, pages, plain, root, servers, temporary, web } from './harness.mjs'

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options })
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
}

mkdirSync(temporary, { recursive: true })
run('go', ['build', '-o', livec, './cmd/livec'], { cwd: root })
if (!existsSync(join(web, 'node_modules'))) run('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: web })
run('node', [join(web, 'app.mjs'), 'build', ...pages], { env: { ...process.env, LIVEC: livec } })
for (const app of servers) {
  if (!pages.includes(app)) run(livec, ['build', `examples/${app}.live`, '-o', `examples/web/_gen/${app}`], { cwd: root })
  run('go', ['build', '-o', join(temporary, app), `./examples/web/_gen/${app}/server`], { cwd: root })
}

run(livec, ['build', 'client/test/server/app.live', '-o', 'examples/web/_gen/app'], { cwd: root })
run('go', ['build', '-o', join(temporary, 'app'), './examples/web/_gen/app/server'], { cwd: root })
cpSync(join(web, '_gen/app/client/_live'), join(plain, 'client'), { recursive: true })
writeFileSync(join(plain, 'index.html'), '<!doctype html><title>Live</title>\n')
