// One entry point: what it is, and the form that runs it.

import { fill, h } from './dom.js'
import { InputError, field, jsonField, labelled } from './form.js'
import { holdsBytes, resolve } from './schema.js'
import { post } from './socket.js'
import { json, show } from './value.js'

const runnable = { rpc: 'Call', stream: 'Watch' }

/** The page of an entry point. */
export function entryView(entry, app) {
  const run = runnable[entry.kind]
  return h(
    'article',
    { 'aria-labelledby': 'entry-name' },
    h('header', { class: 'entry' }, h('span', { class: `kind ${entry.kind}` }, entry.kind), h('h1', { id: 'entry-name' }, entry.name)),
    entry.doc && entry.doc.split(/\n\s*\n/).map((p) => h('p', { class: 'lead' }, p)),
    h('pre', { class: 'code signature', tabindex: '0' }, signature(entry)),
    facts(entry),
    run ? runner(entry, app, run) : h('p', { class: 'notice' }, `The console shows what a ${entry.kind} is; it runs rpcs and streams.`),
    h('details', null, h('summary', null, 'JSON Schema of the arguments and the result'), json({ arguments: entry.args, ...(entry.result && { result: entry.result }) })),
  )
}

/** An entry point as the language writes it. */
export function signature({ kind, name, params, type }) {
  const list = params.map((p) => `${p.name}: ${p.type}`).join(', ')
  const own = name.slice(name.lastIndexOf('/') + 1)
  return `${kind} ${own}${params.length > 0 || kind === 'rpc' ? `(${list})` : ''}${type ? ` -> ${type}` : ''}`
}

function facts(entry) {
  const rows = [
    ['Access', entry.access],
    ['Errors', entry.errors?.join(', ')],
    ['Reads', entry.reads?.join(', ')],
    ['Writes', entry.writes?.join(', ')],
    ['Merge', entry.merge],
    ['Session', entry.session && 'starts or ends a session: called over HTTP, then this page connects anew'],
  ].filter(([, v]) => v)
  return h('dl', { class: 'facts' }, ...rows.map(([k, v]) => h('div', null, h('dt', null, k), h('dd', null, v))))
}

/** The form of an entry point, with its arguments as fields or as one JSON array. */
function runner(entry, app, verb) {
  const { defs } = app
  const fields = entry.params.map((p) => field(p.schema, defs, { optional: p.optional }))
  const raw = jsonField(6)
  const asJSON = h('input', { type: 'checkbox', id: 'as-json' })
  const parts = h('div', null, ...entry.params.map((p, i) => labelled(p.name, fields[i], p.doc || resolve(p.schema, defs).description, p.type)))
  const rawPart = h('div', { hidden: true }, labelled('arguments', raw, 'A JSON array, in the order of the parameters.'))
  const problem = h('p', { class: 'issue', role: 'alert' })
  const answer = h('div', { class: 'answer', 'aria-live': 'polite' })
  const button = h('button', { type: 'submit', class: 'primary' }, verb)

  const read = () => {
    if (!asJSON.checked) return argumentsOf(fields.map((f) => f.get()))
    const args = raw.get() ?? []
    if (!Array.isArray(args)) throw new InputError('The arguments are a JSON array')
    return args
  }
  asJSON.addEventListener('change', () => {
    fill(problem)
    try {
      if (asJSON.checked) raw.set(argumentsOf(fields.map((f) => f.get())))
      else fields.forEach((f, i) => f.set((raw.get() ?? [])[i]))
    } catch (e) {
      fill(problem, e.message)
    }
    parts.hidden = asJSON.checked
    rawPart.hidden = !asJSON.checked
  })

  const submit = async (event) => {
    event.preventDefault()
    fill(problem)
    fields.forEach((f) => f.show(null))
    let args
    try {
      args = read()
    } catch (e) {
      fill(problem, e.message)
      return
    }
    app.remember(entry.name, args)
    if (entry.kind === 'stream') {
      app.watch(entry, args)
      return
    }
    button.disabled = true
    const started = performance.now()
    try {
      const overHTTP = entry.session || entry.params.some((p) => holdsBytes(p.schema, defs))
      const value = await (overHTTP ? post(entry.name, args) : app.connection.call(entry.name, args))
      if (entry.session) app.connection.reopen()
      fill(answer, outcome('ok', 'ok', started), entry.type || value !== null ? show(value) : null)
    } catch (e) {
      fill(answer, outcome('failed', e.code ?? 'ERROR', started), h('p', { class: 'text' }, e.message), e.retryAfter > 0 && h('p', { class: 'muted' }, `Try again in ${e.retryAfter} s.`), issues(e, asJSON.checked ? [] : fields))
    } finally {
      button.disabled = false
    }
  }

  const last = app.remembered(entry.name)
  if (last) fields.forEach((f, i) => f.set(last[i]))
  return h(
    'form',
    { novalidate: true, onsubmit: submit, 'aria-label': `${verb} ${entry.name}` },
    entry.params.length === 0 ? h('p', { class: 'muted' }, 'No arguments.') : [parts, rawPart, h('label', { class: 'check', for: asJSON.id }, asJSON, 'write the arguments as JSON')],
    problem,
    h('div', { class: 'row' }, button),
    answer,
  )
}

/** Arguments by position: what is not given at the end is left out, elsewhere it is null. */
export function argumentsOf(values) {
  let n = values.length
  while (n > 0 && values[n - 1] === undefined) n--
  return values.slice(0, n).map((v) => (v === undefined ? null : v))
}

const outcome = (kind, label, started) => h('p', { class: 'outcome' }, h('span', { class: `badge ${kind}` }, label), h('span', { class: 'muted' }, ` ${(performance.now() - started).toFixed(1)} ms`))

/** Lists what a VALIDATION error found, and marks the fields it concerns. */
function issues(e, fields) {
  if (!e.issues?.length) return null
  return h(
    'ul',
    { class: 'issues' },
    ...e.issues.map(({ path, message }) => {
      const [index, ...rest] = pointer(path)
      fields[index]?.show(rest, message)
      return h('li', null, h('code', null, path || '/'), ` ${message}`)
    }),
  )
}

/** The parts of a JSON Pointer (RFC 6901). */
const pointer = (path) => path.split('/').slice(1).map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'))
