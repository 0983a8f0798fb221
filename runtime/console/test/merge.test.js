import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { applyEvent, parseMerge, start } from '../page/merge.js'

const cases = JSON.parse(readFileSync(new URL('../../merge/testdata/cases.json', import.meta.url), 'utf8'))

/** A merge as the contract writes it. */
const written = ({ merge, key, max, prepend }) => merge + (max ? ` ${max}` : '') + (key ? ` key ${key.length > 1 ? `(${key.join(', ')})` : key[0]}` : '') + (prepend ? ' prepend' : '')

for (const c of cases) {
  test(`merge: ${c.name}`, () => {
    const merge = parseMerge(written(c))
    const value = c.events.reduce((v, [event, data]) => applyEvent(merge, v, event, data), start(merge, c.start))
    assert.deepEqual(value, c.value)
  })
}

test('events change neither the value they are applied to nor what they do not concern', () => {
  const before = Object.freeze([Object.freeze({ id: 1 }), Object.freeze({ id: 2 })])
  const after = applyEvent(parseMerge('crud'), before, 'updated', { id: 2, x: 1 })
  assert.deepEqual(before, [{ id: 1 }, { id: 2 }])
  assert.equal(after[0], before[0])
})

test('an event that no merge knows throws', () => {
  assert.throws(() => applyEvent(parseMerge(''), [], 'created', {}))
})
