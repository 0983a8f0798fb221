// For SvelteKit, in src/hooks.server.js: `export { handleFetch } from '../gen/client/live.kit.js'`. Then `.load(event)` works in +page.js
// too: requests for /_live that a page makes while it is rendered on the server go to the app's server, as the user who asked for the
// page.
export async function handleFetch({ event, request, fetch: other }) {
  const { origin, pathname, search } = new URL(request.url)
  const own = pathname.indexOf('/_live/') // after the base, if the app has one
  const foreign = own > 0 && origin !== new URL(event.request.url).origin
  if (own < 0 || foreign) return other(request)
  const headers = new Headers(request.headers)
  const cookie = event.request.headers.get('cookie')
  if (cookie) headers.set('cookie', cookie)
  const token = event.request.headers.get('authorization')
  if (/^bearer /i.test(token) && !headers.has('authorization')) headers.set('authorization', token)
  headers.delete('origin') // for the browser the two servers are one; SvelteKit's own fetch would add it again
  const body = request.method === 'GET' ? undefined : await request.arrayBuffer()
  const server = (process.env.LIVE_URL || 'http://127.0.0.1:8080').replace(/\/+$/, '')
  return fetch(new Request(server + pathname.slice(own) + search, { method: request.method, headers, body }))
}
