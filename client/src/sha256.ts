// SHA-256 (FIPS 180-4) of a short message, at once. The one of the browser answers later, when the event that it is needed for may have
// come already, and it is absent from pages without TLS.

/** The first 32 bits of the fraction of a root, as FIPS 180-4 §4.2.2 and §5.3.3 take their constants. */
const fraction = (root: number) => (root - Math.floor(root)) * 2 ** 32

const rotate = (x: number, by: number) => (x >>> by) | (x << (32 - by))

let start: Int32Array | undefined // the hash of nothing
const rounds = new Int32Array(64)

function prepare(): Int32Array {
  start = new Int32Array(8)
  for (let n = 2, count = 0; count < 64; n++) {
    let divisor = 2
    while (n % divisor) divisor++
    if (divisor < n) continue
    if (count < 8) start[count] = fraction(Math.sqrt(n))
    rounds[count++] = fraction(Math.cbrt(n))
  }
  return start
}

/** The hash of at most 55 bytes: with its padding, what fits into one block. */
export function sha256(message: Uint8Array): Uint8Array {
  const from = start ?? prepare()
  const block = new DataView(new ArrayBuffer(64))
  message.forEach((byte, i) => block.setUint8(i, byte))
  block.setUint8(message.length, 0x80)
  block.setUint32(60, message.length * 8)

  const words = new Int32Array(64)
  let [a, b, c, d, e, f, g, h] = from as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const [w2, w15] = [words[i - 2]!, words[i - 15]!]
    words[i] =
      i < 16
        ? block.getInt32(i * 4)
        : words[i - 16]! +
          (rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)) +
          words[i - 7]! +
          (rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10))
    const one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i]! + words[i]!
    const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    ;[a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g]
  }
  const sum = new DataView(new ArrayBuffer(32))
  ;[a, b, c, d, e, f, g, h].forEach((word, i) => sum.setInt32(i * 4, word + from[i]!))
  return new Uint8Array(sum.buffer)
}
