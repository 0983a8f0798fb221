import assert from 'node:assert/strict'
import { test } from 'node:test'
import { argumentsOf } from '../page/arguments.js'
import { signature } from '../page/entrypoint.js'
import { bounds, fieldKind, fits, holdsBytes, resolve, withoutNull } from '../page/schema.js'

const defs = {
  Role: { enum: ['admin', 'member'] },
  Tree: { type: 'object', properties: { next: { $ref: '#/$defs/Tree' }, image: { $ref: '#/$defs/Image' } } },
  Image: { type: 'string', contentEncoding: 'base64' },
  Self: { $ref: '#/$defs/Self' },
}

test('references are followed, also those that go round in a circle', () => {
  assert.equal(fieldKind(resolve({ $ref: '#/$defs/Role' }, defs)), 'choice')
  assert.equal(fieldKind(resolve({ $ref: '#/$defs/Self' }, defs)), 'json')
  assert.equal(fieldKind(resolve(true, defs)), 'json')
})

test('null is found in each way to write it', () => {
  for (const s of [
    { type: ['string', 'null'] },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { oneOf: [{ type: 'null' }, { type: 'string' }] },
  ]) {
    const { nullable, schema } = withoutNull(s, defs)
    assert.equal(nullable, true)
    assert.equal(fieldKind(schema), 'text')
  }
  assert.deepEqual(withoutNull({ enum: ['a', null] }, defs).schema.enum, ['a'])
  assert.equal(withoutNull({ type: 'string' }, defs).nullable, false)
})

test('bytes are found at any depth', () => {
  assert.equal(holdsBytes({ $ref: '#/$defs/Tree' }, defs), true)
  assert.equal(holdsBytes({ type: 'array', items: { type: 'string' } }, defs), false)
})

test('a value finds its alternative', () => {
  const square = { type: 'object', properties: { kind: { const: 'square' } } }
  assert.equal(fits(square, { kind: 'square' }, defs), true)
  assert.equal(fits(square, { kind: 'circle' }, defs), false)
  assert.equal(fits({ type: 'integer' }, 3, defs), true)
  assert.equal(fits({ type: 'string' }, 3, defs), false)
})

test('bounds are described in words', () => {
  assert.equal(bounds({ type: 'string', minLength: 1, maxLength: 40 }), '1 to 40 characters')
  assert.equal(bounds({ type: 'integer', minimum: 0 }), 'at least 0')
  assert.equal(bounds({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), 'at least 0')
  assert.equal(bounds({ type: 'number', minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE }), '')
})

test('arguments that are not given are left out at the end, and null elsewhere', () => {
  assert.deepEqual(argumentsOf([1, undefined, 3, undefined]), [1, null, 3])
  assert.deepEqual(argumentsOf([undefined]), [])
})

test('signatures read as in the language', () => {
  assert.equal(signature({ kind: 'rpc', name: 'rooms/lobby/join', params: [], type: '' }), 'rpc join()')
  assert.equal(
    signature({ kind: 'stream', name: 'chat/messages', params: [{ name: 'room', type: 'string' }], type: '[Message]' }),
    'stream messages(room: string) -> [Message]',
  )
})
