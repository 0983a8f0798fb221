/** A UUID of version 7 (RFC 9562 §5.7): the present millisecond, then random bits. */
export function uuid7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | 0x7000n | (BigInt(bytes[6]! & 15) << 8n) | BigInt(bytes[7]!))
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return Array.from(bytes, (b, i) => (i === 4 || i === 6 || i === 8 || i === 10 ? '-' : '') + b.toString(16).padStart(2, '0')).join('')
}
