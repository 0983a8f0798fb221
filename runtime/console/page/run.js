// The forms of an entry point: to call an rpc, watch a stream, watch a channel and publish to it, enter a room, listen for a signal.

import { argumentFields } from './arguments.js'
import { call, callForSession, post, publish } from './client.js'
import { fill, h } from './dom.js'
import { field, labelled } from './form.js'
import { holdsBytes } from './schema.js'
import { show } from './value.js'

/** The forms of an entry point. */
export function forms(entryPoint, app) {
  switch (entryPoint.kind) {
    case 'rpc':
      return caller(entryPoint, app)
    case 'stream':
      return watcher(entryPoint, app, [{ label: 'Watch', what: { name: entryPoint.name, merge: entryPoint.merge, entryPoint } }])
    case 'channel':
      return watcher(
        entryPoint,
        app,
        [{ label: 'Watch', what: { name: entryPoint.name, merge: entryPoint.merge, entryPoint } }],
        entryPoint.event && [publisherOf(entryPoint, entryPoint.name, entryPoint.merge, entryPoint.event)],
      )
    case 'room':
      return room(entryPoint, app)
    case 'signal':
      return h(
        'div',
        { class: 'row' },
        h('button', { type: 'button', class: 'primary', onclick: () => app.listen(entryPoint) }, 'Listen'),
        h('span', { class: 'muted' }, 'to receive this signal here'),
      )
    default:
      return h('p', { class: 'notice' }, `The console cannot run a ${entryPoint.kind}.`)
  }
}

const roomParts = [
  ['data', ''],
  ['presence', 'presence'],
  ['cursors', 'cursor'],
]

function room(entryPoint, app) {
  const parts = roomParts
    .filter(([part]) => entryPoint[part])
    .map(([part, merge]) => ({ part, merge, name: `${entryPoint.name}.${part}`, schema: entryPoint[part].event }))
  return watcher(
    entryPoint,
    app,
    parts.map(({ part, merge, name }) => ({ label: `Watch ${part}`, what: { name, merge, entryPoint } })),
    parts.filter((p) => p.schema).map((p) => publisherOf(entryPoint, p.name, p.merge, p.schema)),
  )
}

/** The event of each merge that puts an item, to publish with. */
const puts = { crud: 'created', presence: 'join', cursor: 'update', set: 'set', latest: 'created' }

const publisherOf = (entryPoint, name, merge, schema) => ({
  label: `Publish to ${name.slice(name.lastIndexOf('/') + 1)}`,
  name,
  schema,
  event: puts[merge.split(' ')[0]],
})

/** A form that watches a stream, and can have forms that publish to it. */
function watcher(entryPoint, app, watches, publishers) {
  const args = argumentFields(entryPoint, app)
  const problem = h('p', { class: 'issue', role: 'alert' })
  const answer = h('div', { class: 'answer', 'aria-live': 'polite' })
  const attempt = (run) => {
    fill(problem)
    args.clear()
    try {
      return run()
    } catch (e) {
      fill(problem, e.message)
      return undefined
    }
  }
  const watch = ({ what }) => attempt(() => app.watch(what, args.read()))
  const published = (publishers ?? []).map((p) => {
    const f = field(p.schema, app.defs)
    const send = () =>
      attempt(() => {
        f.show(null)
        const entered = f.get() ?? null
        const started = performance.now()
        publish(p.name, args.read(), p.event, entered).then(
          () => fill(answer, outcome('ok', 'published', started)),
          (e) => fill(answer, ...failure(e, started, eventIssues(e, f))),
        )
      })
    return h(
      'div',
      { class: 'publish' },
      labelled(p.label, f),
      h('div', { class: 'row' }, h('button', { type: 'button', onclick: send }, 'Publish')),
    )
  })
  const submit = (event) => {
    event.preventDefault()
    watch(watches[0])
  }
  return h(
    'form',
    { novalidate: true, onsubmit: submit, 'aria-label': `Watch ${entryPoint.name}` },
    args.el,
    problem,
    h(
      'div',
      { class: 'row' },
      ...watches.map((w, i) =>
        h('button', i === 0 ? { type: 'submit', class: 'primary' } : { type: 'button', onclick: () => watch(w) }, w.label),
      ),
    ),
    published,
    answer,
  )
}

/** A form that calls an rpc. */
function caller(entryPoint, app) {
  const args = argumentFields(entryPoint, app)
  const problem = h('p', { class: 'issue', role: 'alert' })
  const answer = h('div', { class: 'answer', 'aria-live': 'polite' })
  const button = h('button', { type: 'submit', class: 'primary' }, 'Call')
  const submit = async (event) => {
    event.preventDefault()
    fill(problem)
    args.clear()
    let given
    try {
      given = args.read()
    } catch (e) {
      fill(problem, e.message)
      return
    }
    button.disabled = true
    const started = performance.now()
    try {
      const overHTTP = entryPoint.params.some((p) => holdsBytes(p.schema, app.defs))
      const how = entryPoint.session ? callForSession : overHTTP ? post : call
      const value = await how(entryPoint.name, given)
      fill(answer, outcome('ok', 'ok', started), entryPoint.type || value !== null ? show(value) : null)
    } catch (e) {
      fill(answer, ...failure(e, started, issues(e, args.fields)))
    } finally {
      button.disabled = false
    }
  }
  return h(
    'form',
    { novalidate: true, onsubmit: submit, 'aria-label': `Call ${entryPoint.name}` },
    args.el,
    problem,
    h('div', { class: 'row' }, button),
    answer,
  )
}

const outcome = (kind, label, started) =>
  h(
    'p',
    { class: 'outcome' },
    h('span', { class: `badge ${kind}` }, label),
    h('span', { class: 'muted' }, ` ${(performance.now() - started).toFixed(1)} ms`),
  )

const failure = (e, started, list) => [
  outcome('failed', e.code ?? 'ERROR', started),
  h('p', { class: 'text' }, e.message),
  e.retryAfter > 0 && h('p', { class: 'muted' }, `Try again in ${e.retryAfter} s.`),
  list,
]

/** Lists the issues of a VALIDATION error, and shows each at its field. */
function issues(e, fields) {
  return issueList(e, ({ path, message }) => {
    const [index, ...rest] = pointer(path)
    fields[index]?.show(rest, message)
  })
}

/** The same for an event that was published: the paths lead into the event. */
const eventIssues = (e, f) => issueList(e, ({ path, message }) => f.show(pointer(path), message))

function issueList(e, mark) {
  if (!e.issues?.length) return null
  return h(
    'ul',
    { class: 'issues' },
    ...e.issues.map((issue) => {
      mark(issue)
      return h('li', null, h('code', null, issue.path || '/'), ` ${issue.message}`)
    }),
  )
}

/** The parts of a JSON Pointer (RFC 6901). */
const pointer = (path) =>
  path
    .split('/')
    .slice(1)
    .map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'))
