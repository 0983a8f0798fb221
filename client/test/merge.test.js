import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { client } from './fake.js'

const { live } = await client()
const made = (make, value) => {
  const m = make()
  m.load(value)
  return m
}
const ids = (m) =>
  m
    .view()
    .map((r) => r.id ?? r.key)
    .join('')

test('set is replaced, and has no other event', () => {
  const m = made(live.set(live.time), 1)
  m.apply('set', 0)
  assert.deepEqual(m.view(), new Date(0))
  assert.throws(() => m.apply('created', 1))
})

test('crud: adds at the end, replaces in place, deletes in order', () => {
  const m = made(live.crud(), [{ id: 'a' }, { id: 'b' }, { id: 'c' }])
  m.apply('created', { id: 'd' })
  m.apply('deleted', { id: 'a' })
  m.apply('created', { id: 'b', n: 1 })
  m.apply('updated', { id: 'c', n: 2 })
  m.apply('updated', { id: 'z' })
  m.apply('deleted', { id: 'z' })
  assert.deepEqual(m.view(), [{ id: 'b', n: 1 }, { id: 'c', n: 2 }, { id: 'd' }])
  m.apply('set', [{ id: 'q' }])
  assert.equal(ids(m), 'q')
  assert.throws(() => m.apply('other', {}))
})

test('crud with prepend: adds in front', () => {
  const m = made(live.crud(['id'], { prepend: true }), [{ id: 'b' }, { id: 'c' }])
  assert.equal(ids(m), 'bc')
  m.apply('created', { id: 'a' })
  m.apply('updated', { id: 'c', n: 1 })
  assert.equal(ids(m), 'abc')
})

test('crud with a key of several fields', () => {
  const m = made(live.crud(['a', 'b']), [
    { a: '1', b: '2' },
    { a: '1', b: '3' },
  ])
  m.apply('deleted', { a: '1', b: '2' })
  assert.deepEqual(m.view(), [{ a: '1', b: '3' }])
})

test('presence and cursor: by their key', () => {
  for (const [make, put, remove] of [
    [live.presence, 'join', 'leave'],
    [live.cursor, 'update', 'remove'],
  ]) {
    const m = made(make(), [{ key: 'a' }])
    m.apply(put, { key: 'b', x: 1 })
    m.apply(put, { key: 'a', x: 2 })
    m.apply(remove, { key: 'b' })
    m.apply(put, { key: 'c' })
    assert.deepEqual(m.view(), [{ key: 'a', x: 2 }, { key: 'c' }])
    m.apply('set', [])
    assert.deepEqual(m.view(), [])
    assert.throws(() => m.apply('created', { key: 'a' }))
  }
})

test('latest: the last ones, whatever they are called', () => {
  const m = made(live.latest(3), [{ id: 'a' }])
  for (const id of 'bcdefghij') m.apply('any', { id })
  assert.equal(ids(m), 'hij')
  const front = made(live.latest(3, { prepend: true }), [{ id: 'b' }, { id: 'a' }])
  for (const id of 'cd') front.apply('any', { id })
  assert.equal(ids(front), 'dcb')
})

test('rows are ordered by fields, null first', () => {
  const rows = [{ a: 2 }, { a: null, b: 1 }, { a: 1 }, { a: null, b: 2 }]
  assert.deepEqual(rows.toSorted(live.by('a', '-b')), [{ a: null, b: 2 }, { a: null, b: 1 }, { a: 1 }, { a: 2 }])
})

// the server's own suite
for (const c of JSON.parse(readFileSync(new URL('../../runtime/merge/testdata/cases.json', import.meta.url))))
  test(`as the server has it: ${c.name}`, () => {
    const how = { prepend: c.prepend }
    const make = {
      crud: () => live.crud(c.key, how),
      latest: () => live.latest(c.max, how),
      set: live.set,
      presence: live.presence,
      cursor: live.cursor,
    }[c.merge]()
    const m = made(make, c.start)
    for (const [event, data] of c.events) m.apply(event, data)
    assert.deepEqual(m.view(), c.value)
  })

test('what was given out never changes, and is the same object until it does', () => {
  const row = { id: 'x', key: 'x' }
  for (const [make, event, data] of [
    [live.diff(), 'diff', [['+', 0, row]]],
    [live.crud(), 'created', row],
    [live.presence(), 'join', row],
    [live.latest(), 'any', row],
  ]) {
    const m = made(make, [{ id: 'a', key: 'a' }])
    const before = m.view()
    assert.equal(m.view(), before)
    m.apply(event, data)
    assert.equal(before.length, 1)
    assert.equal(m.view().length, 2)
    assert.equal(m.view(), m.view())
  }
})

test('a diff of random operations gives what the operations say', () => {
  let seed = 7
  const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n
  const m = made(live.diff({ key: ['id'] }), [])
  let model = []
  for (let i = 0; i < 2000; i++) {
    const ops = []
    for (let j = random(4) + 1; j > 0; j--) {
      const n = model.length
      const [at, to] = n ? [random(n), random(n)] : [0, 0]
      const kind = n ? random(4) : 0
      if (kind === 0) {
        const row = { id: `${i}.${j}`, v: 0 }
        ops.push(['+', at, row])
        model = [...model.slice(0, at), row, ...model.slice(at)]
      } else if (kind === 1) {
        ops.push(['-', at])
        model = model.filter((_, k) => k !== at)
      } else if (kind === 2) {
        ops.push(['~', at, { v: i }])
        model = model.map((r, k) => (k === at ? { ...r, v: i } : r))
      } else {
        ops.push(['>', at, to])
        const rest = model.filter((_, k) => k !== at)
        model = [...rest.slice(0, to), model[at], ...rest.slice(to)]
      }
    }
    m.apply('diff', ops)
    assert.deepEqual(m.view(), model)
  }
})
