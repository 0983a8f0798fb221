import { now } from './clock'
import { sha256 } from './sha256'

const NEAR = 30_000 // milliseconds that ids may differ from the clock; the server accepts twice as much

let last = 0 // the millisecond of the last id

/**
 * A UUID of version 7 (RFC 9562 §5.7): the current millisecond, or a later one if calls come faster than that, so that ids grow; then
 * random bits.
 */
export function uuid7(): string {
  const time = now()
  last = Math.abs(time - last) < NEAR ? Math.max(time, last + 1) : time
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(last) << 16n) | BigInt((bytes[6]! << 8) | bytes[7]!))
  return format(bytes)
}

/** The first id that a call with this key makes, computed as on the server: the key's time, then bits of the key's SHA-256. */
export function firstId(key: string): string {
  const seed = new Uint8Array(20) // the key, and the index of the id
  key
    .replace(/-/g, '')
    .match(/../g)!
    .forEach((hex, i) => (seed[i] = parseInt(hex, 16)))
  const bytes = seed.slice(0, 16)
  bytes[6] = bytes[7] = 0
  bytes.set(sha256(seed).subarray(0, 8), 8)
  return format(bytes)
}

function format(bytes: Uint8Array): string {
  bytes[6] = (bytes[6]! & 15) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return Array.from(bytes, (b, i) => (i === 4 || i === 6 || i === 8 || i === 10 ? '-' : '') + b.toString(16).padStart(2, '0')).join('')
}
