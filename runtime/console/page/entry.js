// One entry point: what it is, and the forms that run it.

import { h } from './dom.js'
import { forms } from './run.js'
import { json } from './value.js'

/** The page of an entry point. */
export function entryView(entry, app) {
  const { args, result, event: published, data, presence, cursors } = entry
  return h(
    'article',
    { 'aria-labelledby': 'entry-name' },
    h('header', { class: 'entry' }, h('span', { class: `kind ${entry.kind}` }, entry.kind), h('h1', { id: 'entry-name' }, entry.name)),
    entry.doc && entry.doc.split(/\n\s*\n/).map((p) => h('p', { class: 'lead' }, p)),
    h('pre', { class: 'code signature', tabindex: '0' }, signature(entry)),
    facts(entry),
    forms(entry, app),
    h(
      'details',
      null,
      h('summary', null, 'JSON Schemas'),
      json({
        arguments: args,
        ...(result && { result }),
        ...(published && { published }),
        ...(data && { data }),
        ...(presence && { presence }),
        ...(cursors && { cursors }),
      }),
    ),
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
    ['Publishes', entry.publishes?.join(', ')],
    ['Signals', entry.signals?.join(', ')],
    ['Merge', entry.merge],
    ['Data', entry.data?.type],
    ['Presence', entry.presence?.type],
    ['Cursors', entry.cursors?.type],
    ['Session', entry.session && 'starts or ends a session: the console calls it over HTTP, then reconnects'],
  ].filter(([, v]) => v)
  return h('dl', { class: 'facts' }, ...rows.map(([k, v]) => h('div', null, h('dt', null, k), h('dd', null, v))))
}
