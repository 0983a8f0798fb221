// The part of a form with the arguments of an entry point: a field for each parameter, or one JSON array for all of them.

import { fill, h } from './dom.js'
import { InputError, field, jsonField, labelled } from './form.js'
import { resolve } from './schema.js'

/**
 * Makes the fields for the arguments of an entry point: { el, fields, read, clear }. `read` returns the arguments and stores them for the
 * next time, or throws an InputError; `fields` are those that are shown; `clear` removes all messages.
 */
export function argumentFields(entryPoint, app) {
  const fields = entryPoint.params.map((p) => field(p.schema, app.defs, { optional: p.optional }))
  const last = app.remembered(entryPoint.name)
  if (last) fields.forEach((f, i) => f.set(last[i]))
  const raw = jsonField(6)
  const asJSON = h('input', { type: 'checkbox', id: 'as-json' })
  const parts = h(
    'div',
    null,
    ...entryPoint.params.map((p, i) => labelled(p.name, fields[i], p.doc || resolve(p.schema, app.defs).description, p.type)),
  )
  const rawPart = h('div', { hidden: true }, labelled('arguments', raw, 'A JSON array, in the order of the parameters.'))
  const problem = h('p', { class: 'issue', role: 'alert' })

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

  const read = () => {
    const args = asJSON.checked ? (raw.get() ?? []) : argumentsOf(fields.map((f) => f.get()))
    if (!Array.isArray(args)) throw new InputError('The arguments must be a JSON array')
    app.remember(entryPoint.name, args)
    return args
  }
  return {
    el:
      entryPoint.params.length === 0
        ? h('p', { class: 'muted' }, 'No arguments.')
        : h(
            'div',
            { class: 'arguments' },
            parts,
            rawPart,
            h('label', { class: 'check', for: asJSON.id }, asJSON, 'write the arguments as JSON'),
            problem,
          ),
    read,
    clear: () => {
      fill(problem)
      fields.forEach((f) => f.show(null))
    },
    get fields() {
      return asJSON.checked ? [] : fields
    },
  }
}

/** Arguments by position. Missing arguments at the end are left out; elsewhere they are null. */
export function argumentsOf(values) {
  let n = values.length
  while (n > 0 && values[n - 1] === undefined) n--
  return values.slice(0, n).map((v) => (v === undefined ? null : v))
}
