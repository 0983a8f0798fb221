// A watched stream: its state, its value as it changes, and the events that changed it.

import { mergeOf, signal, Watch } from './client.js'
import { fill, h, perFrame } from './dom.js'
import { describeEvent } from './events.js'
import { ValueView, json } from './value.js'

const MOST_EVENTS = 50

const states = {
  waiting: 'waiting for data',
  live: 'live',
  stale: 'old data, updating',
  off: 'the gate is closed',
  refused: 'refused for now; it opens when you get access',
  error: 'failed',
  ended: 'ended by the server',
}

/** The panel of a watched stream, channel or part of a room. It calls closed when the panel is closed. */
export function watchPanel({ name, merge, entryPoint }, args, closed) {
  const view = new ValueView()
  const state = h('span', { class: 'status', role: 'status' })
  const failure = h('p', { class: 'issue', role: 'alert' })
  const events = h('ol', { class: 'events' })
  const counter = h('span', { class: 'muted' }, 'none yet')
  const asJSON = h('input', { type: 'checkbox' })
  const value = h('div', null, view.el)
  let count = 0

  const render = perFrame(() => {
    state.dataset.state = sub.state
    const at = sub.position
    const position = at && h('span', { class: 'muted' }, ` · topic ${at.topic} at ${at.offset}`)
    fill(state, h('span', { class: 'dot' }), states[sub.state], position)
    fill(failure, sub.error && `${sub.error.code}: ${sub.error.message}`)
    if (asJSON.checked) fill(value, json(sub.value))
    else {
      view.update(sub.value)
      if (view.el.parentNode !== value) fill(value, view.el)
    }
    counter.textContent = count === 0 ? 'none yet' : String(count)
  })
  asJSON.addEventListener('change', render)

  const changed = (event) => {
    if (event) {
      count++
      events.prepend(eventItem(event))
      if (events.children.length > MOST_EVENTS) events.lastChild.remove()
    }
    render()
  }
  const watch = () => new Watch(name, args, mergeOf(merge), changed)
  let sub = watch()
  const again = () => {
    sub.stop()
    sub = watch()
    render()
  }
  const stop = () => {
    sub.stop()
    el.remove()
    closed()
  }
  const title = `${name}(${args.map((a) => JSON.stringify(a)).join(', ')})`
  const el = h(
    'section',
    { class: 'panel', 'aria-label': `Watching ${title}` },
    h(
      'header',
      { class: 'row' },
      h('a', { href: `#${entryPoint.name}`, class: 'code title' }, title),
      h('span', { class: 'grow' }),
      h('button', { type: 'button', class: 'small', onclick: again }, 'again'),
      h('button', { type: 'button', class: 'small', onclick: stop, 'aria-label': `Stop watching ${title}` }, 'stop'),
    ),
    h('div', { class: 'row' }, state, h('span', { class: 'grow' }), h('label', { class: 'check' }, asJSON, 'JSON')),
    failure,
    value,
    h('details', null, h('summary', null, 'Events: ', counter), events),
  )
  render()
  return el
}

/** The panel of a signal, with all signals received, newest first. */
export function signalPanel(entryPoint, closed) {
  const items = h('ol', { class: 'events' })
  const counter = h('span', { class: 'muted' }, 'none yet')
  let count = 0
  const off = signal(entryPoint.name).on((...args) => {
    counter.textContent = String(++count)
    items.prepend(
      h(
        'li',
        null,
        h('p', null, h('time', null, new Date().toISOString().slice(11, 23))),
        json(Object.fromEntries(entryPoint.params.map((p, i) => [p.name, args[i]]))),
      ),
    )
    if (items.children.length > MOST_EVENTS) items.lastChild.remove()
  })
  const stop = () => {
    off()
    el.remove()
    closed()
  }
  const el = h(
    'section',
    { class: 'panel', 'aria-label': `Listening for ${entryPoint.name}` },
    h(
      'header',
      { class: 'row' },
      h('a', { href: `#${entryPoint.name}`, class: 'code title' }, entryPoint.name),
      h('span', { class: 'grow' }),
      h('button', { type: 'button', class: 'small', onclick: stop, 'aria-label': `Stop listening for ${entryPoint.name}` }, 'stop'),
    ),
    h('p', { class: 'muted' }, 'Received: ', counter),
    items,
  )
  return el
}

function eventItem({ kind, offset, data }) {
  const what = h(
    'summary',
    null,
    h('time', null, new Date().toISOString().slice(11, 23)),
    offset !== undefined && h('span', { class: 'muted' }, ` #${offset} `),
    ' ',
    describeEvent(kind, data),
  )
  return h(
    'li',
    null,
    data === undefined ? what.childNodes.length && h('p', null, ...what.childNodes) : h('details', null, what, json(data)),
  )
}
