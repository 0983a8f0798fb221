// The vite plugin of Live: `plugins: [live()]` in vite.config, before Svelte's own.
//
// $live/chat is the module generated from chat.live, and $live the client itself. Requests for /_live go to the server of the app; if vite's
// `base` is a path, the client has its requests go below it, and in development they reach the server without it. With Svelte 5, `.current` and similar properties are reactive. In development, Ctrl+Shift+L shows the state of the client.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url)).replaceAll('\\', '/')
const SETTLED = 100 // milliseconds without a change after which livec has written all files

/** Whether livec has written a file. */
const isOwn = (file) => file.replaceAll('\\', '/').startsWith(here + '/')

/** The path of vite's `base` without the last slash; '' if the site is at the root, or `base` is no path. */
const basePath = (base) => (/^\/[^/]/.test(base ?? '') ? base.replace(/\/+$/, '') : '')

export default function live({ target, devtools = true } = {}) {
  target ||= process.env.LIVE_URL || 'http://127.0.0.1:8080'
  const proxied = (base) => {
    const proxy = { '/_live': { target, ws: true } }
    if (base) proxy[base + '/_live'] = { target, ws: true, rewrite: (path) => path.slice(base.length) }
    return proxy
  }
  let root = process.cwd()
  let base = ''
  let serving = false
  return {
    name: 'live',
    enforce: 'pre',
    config: (user) => ({
      resolve: {
        alias: [
          { find: /^\$live$/, replacement: here + '/_live/index.js' },
          { find: /^\$live\//, replacement: here + '/' },
        ],
      },
      server: { proxy: proxied(basePath(user?.base)) },
      preview: { proxy: proxied(basePath(user?.base)) },
    }),
    configResolved(config) {
      root = config.root
      base = basePath(config.base)
      serving = config.command === 'serve' && !config.isProduction
      config.server.fs.allow.push(here) // this folder may be outside of the web app's
    },
    // The modules of an app and its only client are replaced together, by loading the page anew.
    configureServer({ watcher, ws }) {
      let timer
      watcher.on('all', (_, file) => {
        if (!isOwn(file)) return
        clearTimeout(timer)
        timer = setTimeout(() => ws.send({ type: 'full-reload' }), SETTLED)
      })
    },
    handleHotUpdate({ file }) {
      if (isOwn(file)) return []
    },
    transform(code, id, { ssr } = {}) {
      if (ssr || !(serving || base) || !id.split('?')[0].endsWith('/_live/index.js')) return
      const settings = [base && `url: ${JSON.stringify(base)}`, serving && 'development: true'].filter(Boolean).join(', ')
      return { code: `${serving && devtools ? "import './devtools.js'\n" : ''}${code}\nconfigure({ ${settings} })\n`, map: null }
    },
    async resolveId(source, importer) {
      if (source !== './track.js' || !importer?.split('?')[0].endsWith('/_live/index.js')) return null
      // Svelte 4 has no such module, and some versions of vite throw an error then.
      const reactivity = await this.resolve('svelte/reactivity', join(root, 'index.js'), { skipSelf: true }).catch(() => null)
      return reactivity ? here + '/_live/svelte.js' : null
    },
  }
}
