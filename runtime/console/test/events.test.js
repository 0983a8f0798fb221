import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyDiff, describeEvent } from '../page/diff.js'

const rows = () => [{ id: 'a' }, { id: 'b', n: 1 }, { id: 'c' }]
const ids = (list) => list.map((r) => r.id).join('')

test('operations apply left to right, at positions as the ones before left them', () => {
  assert.equal(ids(applyDiff(rows(), [['+', 0, { id: 'x' }], ['-', 3], ['>', 0, 2]])), 'abx')
  assert.equal(ids(applyDiff(rows(), [['>', 2, 0]])), 'cab')
  assert.equal(ids(applyDiff([], [['+', 0, { id: 'x' }]])), 'x')
})

test('a changed row is a new object, the others stay', () => {
  const before = rows()
  const after = applyDiff(before, [['~', 1, { n: 2 }]])
  assert.deepEqual(after[1], { id: 'b', n: 2 })
  assert.deepEqual(before[1], { id: 'b', n: 1 })
  assert.equal(after[0], before[0])
})

test('what does not fit is refused', () => {
  for (const op of [['-', 3], ['+', 4, {}], ['~', 3, {}], ['>', 0, 3], ['-', -1], ['-', '0'], ['?', 0]]) assert.throws(() => applyDiff(rows(), [op]), `${op}`)
  assert.throws(() => applyDiff(3, [['-', 0]]))
})

test('events are described', () => {
  assert.equal(describeEvent('diff', [['~', 1, { n: 2 }], ['>', 0, 2]]), 'change 1: n · move 0 to 2')
  assert.equal(describeEvent('set', 5), 'set')
})
