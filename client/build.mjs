// Builds what is checked in: dist, which livec writes beside the modules that it generates, and the client that the console runs. `--check`
// builds into another folder and compares.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(fileURLToPath(import.meta.url))
const src = (name) => join(root, 'src', name)
const own = 'This is the client runtime of Live. livec wrote it; changes are lost.'

const bundle = { bundle: true, format: 'esm', target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'warning' }

/** A plugin that answers imports of the modules that match. */
const resolving = (filter, answer) => ({
  name: 'resolving',
  setup: (b) => b.onResolve({ filter }, (a) => (a.kind === 'entry-point' ? null : answer(a.path))),
})

/** Writes the client of apps into a folder. */
async function makeClient(out) {
  mkdirSync(join(out, '_live'), { recursive: true })
  // Modules that others take the place of.
  const plugins = [resolving(/^\.\/(contract|track)$/, (path) => ({ path: path + '.js', external: true }))]
  for (const name of ['index', 'track', 'contract']) {
    const outfile = join(out, '_live', name + '.js')
    await build({ ...bundle, banner: { js: `// ${own}` }, entryPoints: [src(name + '.ts')], outfile, plugins })
  }
  for (const name of ['svelte.js', 'devtools.js']) cpSync(src(name), join(out, '_live', name))
  writeFileSync(join(out, '_live/index.d.ts'), declarations())
  for (const name of ['live.vite.js', 'live.vite.d.ts', 'live.kit.js', 'live.kit.d.ts']) cpSync(src(name), join(out, name))
  const json = (name, value) => writeFileSync(join(out, name), JSON.stringify(value, null, 2) + '\n')
  json('package.json', { private: true, type: 'module', sideEffects: false })
  json('live.tsconfig.json', { compilerOptions: { paths: { $live: ['./_live/index.d.ts'], '$live/*': ['./*'] } } })
}

/** Writes the client of the console into a folder. */
async function makeConsole(out) {
  const banner = { js: '// Built of client/src/console.ts: cd client && npm run build' }
  const plugins = [resolving(/^\.\/contract$/, () => ({ path: src('console.contract.ts') }))]
  await build({ ...bundle, banner, entryPoints: [src('console.ts')], outfile: join(out, 'client.js'), plugins })
}

/** The types of all modules in one file, which exports what index.ts exports. */
function declarations() {
  const tmp = mkdtempSync(join(tmpdir(), 'live-types-'))
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', root, '--declaration', '--emitDeclarationOnly', '--outDir', tmp], {
    stdio: 'inherit',
  })
  const index = readFileSync(src('index.ts'), 'utf8')
  const exported = [...index.matchAll(/export (type )?\{([^}]*)\}/g)]
  const names = exported.flatMap(([, type, list]) => list.split(',').map((n) => (type ?? '') + n.trim()))
  let text = ''
  for (const file of readdirSync(tmp).sort()) {
    if (/^(index|contract|console.*)\.d\.ts$/.test(file)) continue
    text += readFileSync(join(tmp, file), 'utf8')
      .replace(/^import [\s\S]*?from '[^']*';\n/gm, '')
      .replace(/^export \{\};\n/gm, '')
      .replace(/^export type \{[^}]*\};\n/gm, '')
      .replace(/^\/\/.*\n/gm, '')
      .replace(/^export /gm, '')
      .replace(/^    /gm, '  ')
  }
  rmSync(tmp, { recursive: true })
  return `// ${own}\n${text}export { ${[...new Set(names)].sort().join(', ')} };\n`
}

/** All files of a folder with their texts. */
const read = (dir) =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((f) => f.isFile())
      .map((f) => join(f.parentPath ?? f.path, f.name))
      .sort()
      .map((f) => [f.slice(dir.length + 1), readFileSync(f, 'utf8')]),
  )

const made = [
  { dir: join(root, 'dist'), make: makeClient },
  { dir: join(root, '../runtime/console/page'), make: makeConsole, file: 'client.js' }, // the other files are written by hand
]
for (const { dir, make, file } of made) {
  if (process.argv.includes('--check')) {
    const tmp = mkdtempSync(join(tmpdir(), 'live-built-'))
    await make(tmp)
    const wanted = read(tmp)
    const found = existsSync(dir) ? read(dir) : {}
    rmSync(tmp, { recursive: true })
    if (JSON.stringify(wanted) === JSON.stringify(file ? { [file]: found[file] } : found)) continue
    console.error(`${relative(process.cwd(), file ? join(dir, file) : dir)} is not what client/src gives; run in client: npm run build`)
    process.exitCode = 1
  } else {
    rmSync(file ? join(dir, file) : dir, { recursive: true, force: true })
    await make(dir)
  }
}
