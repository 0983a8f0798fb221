import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { apps } from './apps.js'

// Each example is an app of its own, with its own server: one build is the page of one app, named by APP.
const app = process.env.APP ?? 'chat'
if (!(app in apps)) throw new Error(`APP is ${app}; there are pages for ${Object.keys(apps).join(', ')}`)

const { default: live } = await import(new URL(`./_gen/${app}/client/live.vite.js`, import.meta.url).href)

export default defineConfig({
  plugins: [live(), svelte()],
  resolve: { alias: { $page: fileURLToPath(new URL(`./src/pages/${apps[app].page}`, import.meta.url)) } },
  define: { APP: JSON.stringify(app) },
  build: { outDir: `dist/${app}`, emptyOutDir: true },
})
