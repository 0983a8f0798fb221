// Builds dist: what livec writes beside the modules that it generates. `--check` builds aside and tells whether dist is up to date.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(fileURLToPath(import.meta.url))
const src = (name) => join(root, 'src', name)
const own = 'This is the client runtime of Live. livec wrote it; changes are lost.'

/** Writes everything into a folder. */
async function make(out) {
  mkdirSync(join(out, '_live'), { recursive: true })
  const common = { bundle: true, format: 'esm', target: 'es2022', charset: 'utf8', legalComments: 'none', banner: { js: `// ${own}` }, logLevel: 'warning' }
  const apart = {
    name: 'apart', // modules that are put in the place of others
    setup: (b) => b.onResolve({ filter: /^\.\/(contract|track)$/ }, (a) => (a.kind === 'entry-point' ? null : { path: a.path + '.js', external: true })),
  }
  for (const name of ['index', 'track', 'contract']) await build({ ...common, entryPoints: [src(name + '.ts')], outfile: join(out, '_live', name + '.js'), plugins: [apart] })
  for (const name of ['svelte.js', 'devtools.js']) cpSync(src(name), join(out, '_live', name))
  writeFileSync(join(out, '_live/index.d.ts'), declarations())
  for (const name of ['live.vite.js', 'live.vite.d.ts', 'live.kit.js', 'live.kit.d.ts']) cpSync(src(name), join(out, name))
  const json = (name, value) => writeFileSync(join(out, name), JSON.stringify(value, null, 2) + '\n')
  json('package.json', { private: true, type: 'module', sideEffects: false })
  json('live.tsconfig.json', { compilerOptions: { paths: { $live: ['./_live/index.d.ts'], '$live/*': ['./*'] } } })
}

/** The types of all modules as one: what they import from each other is there, and only what index.ts exports leaves. */
function declarations() {
  const tmp = mkdtempSync(join(tmpdir(), 'live-types-'))
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', root, '--declaration', '--emitDeclarationOnly', '--outDir', tmp], { stdio: 'inherit' })
  const index = readFileSync(src('index.ts'), 'utf8')
  const names = [...index.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, type, list]) => list.split(',').map((n) => (type ?? '') + n.trim()))
  let text = ''
  for (const file of readdirSync(tmp).sort()) {
    if (file === 'index.d.ts' || file === 'contract.d.ts') continue
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

const dist = join(root, 'dist')
if (process.argv.includes('--check')) {
  const tmp = mkdtempSync(join(tmpdir(), 'live-dist-'))
  await make(tmp)
  const same = existsSync(dist) && JSON.stringify(read(tmp)) === JSON.stringify(read(dist))
  rmSync(tmp, { recursive: true })
  if (!same) {
    console.error('client/dist is not what client/src gives; run: npm run build')
    process.exit(1)
  }
} else {
  rmSync(dist, { recursive: true, force: true })
  await make(dist)
}
