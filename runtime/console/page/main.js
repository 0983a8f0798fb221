// The console: the list of entry points, the selected entry point, and the watched streams.

import { connect, connection, setHash } from './client.js'
import { fill, h } from './dom.js'
import { entryPointView } from './entrypoint.js'
import { roomsPanel } from './rooms.js'
import { signalPanel, watchPanel } from './watch.js'

const byId = (id) => document.getElementById(id)

const connectionStates = {
  idle: ['connecting', 'connecting'],
  connecting: ['connecting', 'connecting'],
  open: ['connected', 'connected'],
  waiting: ['waiting', 'connection lost, reconnecting'],
  closed: ['closed', 'closed by the server'],
}

function showState({ state, code, reason }) {
  const [name, text] = connectionStates[state]
  const detail = state === 'connecting' ? '' : [code, reason].filter(Boolean).join(' ')
  byId('status').dataset.state = name
  byId('status-text').textContent = detail ? `${text}: ${detail}` : text
}

function themes() {
  const names = ['system', 'light', 'dark']
  const button = byId('theme')
  let name = localStorage.getItem('live-console-theme') ?? 'system'
  const apply = () => {
    document.documentElement.dataset.theme = name
    button.textContent = `theme: ${name}`
  }
  button.addEventListener('click', () => {
    name = names[(names.indexOf(name) + 1) % names.length]
    localStorage.setItem('live-console-theme', name)
    apply()
  })
  apply()
}

/** The list of entry points, with a box to filter it. */
function navigation(modules) {
  const groups = modules.map((m) => {
    const links = m.entryPoints.map((e) =>
      h(
        'li',
        null,
        h(
          'a',
          { href: `#${e.name}`, 'data-name': e.name },
          h('span', { class: `kind ${e.kind}` }, e.kind),
          e.name.slice(m.name.length + 1),
        ),
      ),
    )
    return { el: h('section', null, h('h2', { title: m.doc ?? null }, m.name), h('ul', null, ...links)), links }
  })
  const none = h('p', { class: 'muted', hidden: true }, 'No entry point with this name.')
  const search = h('input', { type: 'search', placeholder: 'Find an entry point', 'aria-label': 'Find an entry point' })
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase()
    let any = false
    for (const { el, links } of groups) {
      for (const li of links) li.hidden = !li.textContent.toLowerCase().includes(wanted)
      el.hidden = links.every((li) => li.hidden)
      any ||= !el.hidden
    }
    none.hidden = any
  })
  fill(byId('nav'), search, ...groups.map((g) => g.el), none)
}

const welcome = (contract) =>
  h(
    'div',
    { class: 'welcome' },
    h('h1', null, contract.name),
    h(
      'p',
      { class: 'lead' },
      'Choose an entry point: call an rpc by its form, watch a stream and see each write reach it, or enter a room.',
    ),
    contract.modules.map((m) => m.doc && h('p', null, h('b', null, m.name), ' ', m.doc)),
    contract.modules.some((m) => m.entryPoints.some((e) => e.kind === 'room' || e.kind === 'channel' || e.merge)) && roomsPanel(),
    h('p', { class: 'muted' }, 'Contract ', h('code', null, contract.hash)),
  )

async function start() {
  themes()
  const response = await fetch('contract.json')
  if (!response.ok) throw new Error(`the server answers ${response.status} for contract.json`)
  const contract = await response.json()
  contract.modules = (contract.modules ?? []).filter((m) => m.entryPoints?.length)
  const entryPoints = new Map(contract.modules.flatMap((m) => m.entryPoints.map((e) => [e.name, { ...e, params: e.params ?? [] }])))
  byId('app-name').textContent = contract.name
  document.title = `${contract.name} · Live console`

  const lastArguments = new Map()
  const dock = byId('dock')
  const hint = h('p', { class: 'muted hint' }, 'Streams that you watch appear here.')
  const dockPanel = (panel) => {
    hint.remove()
    dock.prepend(panel)
  }
  const closed = () => dock.childElementCount === 0 && dock.append(hint)
  const app = {
    defs: contract.$defs ?? {},
    remember: (name, args) => lastArguments.set(name, args),
    remembered: (name) => lastArguments.get(name),
    watch: (what, args) => dockPanel(watchPanel(what, args, closed)),
    listen: (entryPoint) => dockPanel(signalPanel(entryPoint, closed)),
  }
  fill(dock, hint)
  navigation(contract.modules)

  const open = () => {
    const entryPoint = entryPoints.get(decodeURIComponent(location.hash.slice(1)))
    fill(byId('main'), entryPoint ? entryPointView(entryPoint, app) : welcome(contract))
    for (const a of document.querySelectorAll('#nav a')) {
      if (a.dataset.name === entryPoint?.name) a.setAttribute('aria-current', 'page')
      else a.removeAttribute('aria-current')
    }
  }
  addEventListener('hashchange', () => {
    open()
    byId('main').focus()
  })
  open()
  setHash(contract.hash)
  connection.subscribe(showState)
  connect()
}

start().catch((e) => {
  showState({ state: 'closed' })
  fill(
    byId('main'),
    h('p', { class: 'notice', role: 'alert' }, `The console cannot start: ${e.message}. Reload the page once the server runs.`),
  )
})
