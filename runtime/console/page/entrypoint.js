// One entry point: its description, and the forms to use it.

import { h } from './dom.js'
import { forms } from './run.js'
import { json } from './value.js'

/** The page of an entry point. */
export function entryPointView(entryPoint, app) {
  const { args, result, event: published, data, presence, cursors } = entryPoint
  return h(
    'article',
    { 'aria-labelledby': 'entry-point-name' },
    h(
      'header',
      { class: 'entry-point' },
      h('span', { class: `kind ${entryPoint.kind}` }, entryPoint.kind),
      h('h1', { id: 'entry-point-name' }, entryPoint.name),
    ),
    entryPoint.doc && entryPoint.doc.split(/\n\s*\n/).map((p) => h('p', { class: 'lead' }, p)),
    h('pre', { class: 'code signature', tabindex: '0' }, signature(entryPoint)),
    facts(entryPoint),
    forms(entryPoint, app),
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

function facts(entryPoint) {
  const rows = [
    ['Access', entryPoint.access],
    ['Errors', entryPoint.errors?.join(', ')],
    ['Reads', entryPoint.reads?.join(', ')],
    ['Writes', entryPoint.writes?.join(', ')],
    ['Publishes', entryPoint.publishes?.join(', ')],
    ['Signals', entryPoint.signals?.join(', ')],
    ['Merge', entryPoint.merge],
    ['Data', entryPoint.data?.type],
    ['Presence', entryPoint.presence?.type],
    ['Cursors', entryPoint.cursors?.type],
    ['Hash', entryPoint.hash],
    ['Session', entryPoint.session && 'starts or ends a session: the console calls it over HTTP, then reconnects'],
  ].filter(([, v]) => v)
  return h('dl', { class: 'facts' }, ...rows.map(([k, v]) => h('div', null, h('dt', null, k), h('dd', null, v))))
}
