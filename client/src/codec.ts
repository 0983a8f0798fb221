// Values that JSON does not have: times and bytes. A codec decodes one value in place; the generator makes codecs only for types that need
// them. Decoding twice changes nothing.

import type { CallOptions } from './call'
import { failure } from './error'

/** Reads a value as it came over the wire. */
export type Codec = (value: any) => any

/** A time: a `Date`. */
export const time: Codec = (value) => (value == null ? value : new Date(value))

/** Bytes: a `Uint8Array`. */
export const bytes: Codec = (value) => (typeof value === 'string' ? Uint8Array.from(atob(value), (c) => c.charCodeAt(0)) : value)

/** A record with some fields that have a codec. Fields that are absent stay so. */
export const record =
  (fields: Record<string, Codec>): Codec =>
  (value) => {
    if (value) for (const name in fields) if (name in value) value[name] = fields[name]!(value[name])
    return value
  }

/** A list. */
export const list =
  (element: Codec): Codec =>
  (value) => {
    if (value) for (let i = 0; i < value.length; i++) value[i] = element(value[i])
    return value
  }

/** A map. */
export const map =
  (element: Codec): Codec =>
  (value) => {
    for (const name in value) value[name] = element(value[name])
    return value
  }

/** A union of records, which differ in the value of one field. */
export const union =
  (tag: string, variants: Record<string, Codec>): Codec =>
  (value) => {
    const variant = value && variants[value[tag]]
    return variant ? variant(value) : value
  }

/** A type that contains itself: the codec is looked up when it is used. */
export const lazy =
  (get: () => Codec): Codec =>
  (value) =>
    get()(value)

/** The arguments of a signal, in order; null for those that need no codec. */
export const tuple =
  (...codecs: (Codec | null)[]): Codec =>
  (values) => {
    codecs.forEach((codec, i) => {
      if (codec && i < values.length) values[i] = codec(values[i])
    })
    return values
  }

/** The bytes of an `ArrayBuffer`, a typed array or a `DataView`; undefined for anything else. @internal */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return /ArrayBuffer\]$/.test(Object.prototype.toString.call(value)) ? new Uint8Array(value as ArrayBuffer) : undefined
}

/** Writes bytes within arguments, for `JSON.stringify`. */
export function base64(this: any, name: string, value: unknown): unknown {
  const raw = bytesOf(this[name]) // `value` has been through toJSON, which a Buffer of Node has
  if (!raw) return value
  let text = ''
  for (const byte of raw) text += String.fromCharCode(byte)
  return btoa(text)
}

/** `JSON.stringify` for what is sent: a value that JSON cannot have, such as a BigInt, is an `RpcError`. @internal */
export function write(value: unknown, encode?: CallOptions['encode']): string {
  try {
    return JSON.stringify(value, encode)
  } catch (error) {
    throw failure('VALIDATION', `This cannot be sent: ${error}`)
  }
}
