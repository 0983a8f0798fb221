// Prints how large the client is in the bundle of an app, by what the app uses.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = dirname(fileURLToPath(import.meta.url))

/** Bytes of a bundle, plain and with gzip. */
export async function measure(code) {
  const out = await build({
    stdin: { contents: code, resolveDir: join(root, 'dist/_live') },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  const text = out.outputFiles[0].contents
  return { bytes: text.length, gzip: gzipSync(text, { level: 9 }).length }
}

export const apps = {
  'calls alone': `import { rpc } from './index.js'; window.send = rpc('chat/send', { write: true })`,
  'calls and a live stream':
    `import { rpc, streams, diff } from './index.js'; ` +
    `window.app = [rpc('chat/send', { write: true }), streams('chat/messages', diff({ key: ['id'] }))]`,
  everything: `import * as live from './index.js'; window.live = live`,
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, code] of Object.entries(apps)) console.log(JSON.stringify({ name, ...(await measure(code)) }))
