import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { mergeOf } from '../page/client.js'

const cases = JSON.parse(readFileSync(new URL('../../merge/testdata/cases.json', import.meta.url), 'utf8'))

/** A merge as it is written in the contract. */
const written = ({ merge, key, max, prepend }) =>
  merge + (max ? ` ${max}` : '') + (key ? ` key ${key.length > 1 ? `(${key.join(', ')})` : key[0]}` : '') + (prepend ? ' prepend' : '')

for (const c of cases) {
  test(`merge: ${c.name}`, () => {
    const merge = mergeOf(written(c))()
    merge.load(c.start)
    for (const [event, data] of c.events) merge.apply(event, data)
    assert.deepEqual(merge.view(), c.value)
  })
}

test('without a merge it takes diffs, and whole values', () => {
  const merge = mergeOf()()
  merge.load(1)
  assert.equal(merge.view(), 1)
  merge.apply('set', [{ id: 'a' }])
  merge.apply('diff', [['+', 1, { id: 'b' }]])
  assert.deepEqual(merge.view(), [{ id: 'a' }, { id: 'b' }])
  assert.throws(() => merge.apply('created', {}))
})

test('a merge that does not exist throws', () => assert.throws(() => mergeOf('unheard of')))
