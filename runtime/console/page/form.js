// Forms made from JSON Schema. They show what is allowed but accept any input: the server validates it, and the console shows its answer.

import { fill, h, newId } from './dom.js'
import { alternativeName, bounds, fieldKind, fits, resolve, withoutNull } from './schema.js'

const LONG = 200 // characters from which on a text gets several lines

/** The error of input that is not a value. */
export class InputError extends Error {}

/**
 * Makes the field of a schema: { el, id, get, set, show }. `get` returns the value, or undefined. `show(path, message)` shows a message at
 * the field at a path, which is a list of names and indexes. `show(null)` removes all messages.
 */
export function field(schema, defs, { optional = false, depth = 0 } = {}) {
  const { nullable, schema: s } = withoutNull(schema, defs)
  const inner = depth > 12 ? jsonField() : makers[fieldKind(s)](s, defs, depth)
  return nullable || optional ? givenOrNot(inner, nullable && !optional) : inner
}

const makers = {
  text: (s) => {
    const long = (s.maxLength ?? 0) >= LONG
    const input = h(long ? 'textarea' : 'input', {
      id: newId(),
      type: long ? null : 'text',
      rows: long ? 3 : null,
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: bounds(s) || null,
    })
    return plain(
      input,
      () => input.value,
      (v) => (input.value = v ?? ''),
    )
  },
  time: () => {
    const input = h('input', { id: newId(), type: 'text', placeholder: '2026-01-31T09:30:00.000Z', autocomplete: 'off' })
    const now = h('button', { type: 'button', class: 'small', onclick: () => (input.value = new Date().toISOString()) }, 'now')
    return plain(
      input,
      () => input.value || undefined,
      (v) => (input.value = v ?? ''),
      h('span', { class: 'row' }, input, now),
    )
  },
  number: (s) => {
    const input = h('input', {
      id: newId(),
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      placeholder: bounds(s) || (s.type === 'integer' ? 'a whole number' : 'a number'),
    })
    const read = () => {
      const text = input.value.trim()
      if (text === '') return undefined
      const n = Number(text)
      return Number.isFinite(n) ? n : text
    }
    return plain(input, read, (v) => (input.value = v ?? ''))
  },
  flag: () => {
    const input = h('input', { id: newId(), type: 'checkbox' })
    return plain(
      input,
      () => input.checked,
      (v) => (input.checked = v === true),
    )
  },
  choice: (s) => choice(s.enum),
  const: (s) => choice([s.const]),
  bytes: () => {
    let value = ''
    const input = h('input', { id: newId(), type: 'file' })
    input.addEventListener('change', async () => (value = input.files[0] ? base64(new Uint8Array(await input.files[0].arrayBuffer())) : ''))
    return plain(
      input,
      () => value,
      (v) => (value = v ?? ''),
    )
  },
  json: () => jsonField(),
  record: (s, defs, depth) => {
    const required = new Set(s.required ?? [])
    const fields = Object.entries(s.properties).map(([name, p]) => [
      name,
      field(p, defs, { optional: !required.has(name), depth: depth + 1 }),
      p,
    ])
    const el = h('fieldset', null, ...fields.map(([name, f, p]) => labelled(name, f, resolve(p, defs).description)))
    return {
      el,
      id: null,
      get: () => Object.fromEntries(fields.map(([name, f]) => [name, f.get()]).filter(([, v]) => v !== undefined)),
      set: (v) => fields.forEach(([name, f]) => f.set(v?.[name])),
      show: (path, message) => {
        if (path === null) fields.forEach(([, f]) => f.show(null))
        const hit = path && fields.find(([name]) => name === path[0])
        return hit ? hit[1].show(path.slice(1), message) : false
      },
    }
  },
  list: (s, defs, depth) => {
    let items = []
    const rows = h('ol', { class: 'items' })
    const add = (value) => {
      const f = field(s.items, defs, { depth: depth + 1 })
      const row = h(
        'li',
        null,
        f.el,
        h(
          'button',
          {
            type: 'button',
            class: 'small',
            'aria-label': 'Remove this item',
            onclick: () => ((items = items.filter((i) => i !== item)), row.remove()),
          },
          'remove',
        ),
      )
      const item = { f, row }
      if (value !== undefined) f.set(value)
      items.push(item)
      rows.append(row)
    }
    const el = h(
      'div',
      { class: 'list' },
      rows,
      h('button', { type: 'button', class: 'small', onclick: () => add() }, 'add'),
      bounds(s) && h('span', { class: 'muted' }, ` ${bounds(s)}`),
    )
    return {
      el,
      id: null,
      get: () => items.map((i) => i.f.get() ?? null),
      set: (v) => {
        items = []
        fill(rows)
        for (const value of Array.isArray(v) ? v : []) add(value)
      },
      show: (path, message) => {
        if (path === null) items.forEach((i) => i.f.show(null))
        return path && items[path[0]] ? items[path[0]].f.show(path.slice(1), message) : false
      },
    }
  },
  union: (s, defs, depth) => {
    const alternatives = s.oneOf ?? s.anyOf
    if (alternatives.every((a) => 'const' in resolve(a, defs))) return choice(alternatives.map((a) => resolve(a, defs).const))
    const fields = alternatives.map((a) => field(a, defs, { depth: depth + 1 }))
    const select = h('select', { id: newId() }, ...alternatives.map((a, i) => h('option', { value: i }, alternativeName(a, defs))))
    const place = h('div', null, fields[0].el)
    const chosen = () => fields[Number(select.value)]
    const open = () => fill(place, chosen().el)
    select.addEventListener('change', open)
    const set = (v) => {
      select.value = Math.max(
        0,
        alternatives.findIndex((a) => fits(resolve(a, defs), v, defs)),
      )
      open()
      chosen().set(v)
    }
    return {
      el: h('div', { class: 'union' }, select, place),
      id: select.id,
      get: () => chosen().get(),
      set,
      show: (path, message) => chosen().show(path, message),
    }
  },
}

/** A field that is one input, with a place for messages. */
function plain(input, get, set, el = input) {
  const note = h('p', { class: 'issue', id: newId(), hidden: true })
  input.setAttribute('aria-describedby', note.id)
  return {
    el: h('div', { class: 'field' }, el, note),
    id: input.id,
    get,
    set,
    show: (path, message) => {
      note.hidden = path === null
      note.textContent = path === null ? '' : message
      if (path === null) input.removeAttribute('aria-invalid')
      else input.setAttribute('aria-invalid', 'true')
      return true
    },
  }
}

function choice(values) {
  const select = h(
    'select',
    { id: newId() },
    ...values.map((v, i) => h('option', { value: i }, typeof v === 'string' ? v : JSON.stringify(v))),
  )
  return plain(
    select,
    () => values[Number(select.value)],
    (v) => (select.value = Math.max(0, values.indexOf(v))),
  )
}

/** A field for any value, written as JSON. */
export function jsonField(rows = 3) {
  const input = h('textarea', { id: newId(), rows, spellcheck: 'false', class: 'code', placeholder: 'JSON' })
  const read = () => {
    if (input.value.trim() === '') return undefined
    try {
      return JSON.parse(input.value)
    } catch (e) {
      throw new InputError(`This is not JSON: ${e.message}`)
    }
  }
  return plain(input, read, (v) => (input.value = v === undefined ? '' : JSON.stringify(v, null, 2)))
}

/** A field that may be left out, or be null. */
function givenOrNot(inner, asNull) {
  const box = h('input', { type: 'checkbox', id: newId() })
  const place = h('div', { hidden: true }, inner.el)
  const toggle = () => (place.hidden = !box.checked)
  box.addEventListener('change', toggle)
  return {
    el: h('div', { class: 'optional' }, h('label', { class: 'check' }, box, asNull ? 'not null' : 'given'), place),
    id: inner.id,
    get: () => (box.checked ? inner.get() : asNull ? null : undefined),
    set: (v) => {
      box.checked = v !== undefined && v !== null
      toggle()
      if (box.checked) inner.set(v)
    },
    show: (path, message) => {
      if (path !== null) {
        box.checked = true
        toggle()
      }
      return inner.show(path, message)
    },
  }
}

/** A field with its name, its type and its doc. */
export function labelled(name, f, doc, type) {
  const single = f.id !== null
  const head = h(single ? 'label' : 'span', { for: f.id, class: 'name' }, h('b', null, name), type && h('code', { class: 'type' }, type))
  return h(
    'div',
    { class: 'labelled', role: single ? null : 'group', 'aria-label': single ? null : name },
    head,
    doc && h('p', { class: 'muted doc' }, doc),
    f.el,
  )
}

function base64(bytes) {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}
