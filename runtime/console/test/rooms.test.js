import assert from 'node:assert/strict'
import test from 'node:test'

import { holdings, memberName, topicName } from '../page/rooms.js'

test('a member is named by its first text', () => {
  assert.equal(memberName({ key: 'u1', age: 7, name: 'Ann' }), 'Ann')
  assert.equal(memberName({ key: 'u1', name: '' }), 'u1')
  assert.equal(memberName(null), '?')
})

test('topics are written as calls', () => {
  assert.equal(topicName({ name: 'a/b', args: ['x', 1] }), 'a/b("x", 1)')
  assert.equal(topicName({ name: 'a/b' }), 'a/b()')
})

test('the items of a channel are counted', () => {
  assert.equal(holdings([]), '0 items')
  assert.equal(holdings([1]), '1 item')
  assert.equal(holdings({ a: 1 }), 'a value')
  assert.equal(holdings(null), 'nothing kept')
})
