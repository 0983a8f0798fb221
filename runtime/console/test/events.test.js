import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeEvent } from '../page/events.js'

test('events are described', () => {
  assert.equal(
    describeEvent('diff', [
      ['~', 1, { n: 2 }],
      ['>', 0, 2],
    ]),
    'change 1: n · move 0 to 2',
  )
  assert.equal(describeEvent('set', 5), 'set')
})
