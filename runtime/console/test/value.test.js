import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shorten } from '../page/value.js'

test('ids and times are shortened, other texts are not', () => {
  const today = new Date('2026-01-31T12:00:00Z')
  assert.equal(shorten('01a20f38-29a3-7000-8e74-eabb8a9c15b0', today), '…9c15b0')
  assert.equal(shorten('2026-01-31T09:30:00.123Z', today), '09:30:00')
  assert.equal(shorten('2026-01-30T09:30:00.000Z', today), '2026-01-30 09:30:00')
  for (const text of ['', 'lobby', '2026-01-31', '01a20f38', '01a20f38-29a3-7000-8e74-eabb8a9c15b0!'])
    assert.equal(shorten(text, today), null)
})
