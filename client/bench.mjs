// Measures how many events a second the merges can apply: 50 in a frame, with the value read after each frame. Prints one JSON line for
// each figure.
import { crud, cursor, diff, latest, presence, set } from './dist/_live/index.js'

const FRAME = 50
const row = (i, n = 0) => ({ id: `${i}`, key: `${i}`, n, text: 'some text of a row' })

/** The merges with events that fit them: most change rows, some add one and take one out. */
const merges = {
  diff: [
    diff({ key: ['id'] }),
    'diff',
    (i, size) =>
      i % 10
        ? [['~', i % size, { n: i }]]
        : [
            ['+', 0, row(`n${i}`)],
            ['-', size],
          ],
  ],
  crud: [
    crud(),
    (i) => (i % 10 ? 'updated' : i % 20 ? 'created' : 'deleted'),
    (i, size) => (i % 10 ? row(i % size, i) : row(`n${i - (i % 20 ? 0 : 10)}`)),
  ],
  presence: [presence(), (i) => (i % 10 ? 'join' : 'leave'), (i, size) => [row(i % size, i)]],
  cursor: [cursor(), 'update', (i, size) => [row(i % size, i)]],
  latest: [latest(1000), 'created', (i) => row(i)],
  set: [set(), 'set', (i) => i],
}

for (const [name, [make, event, data]] of Object.entries(merges))
  for (const size of [10, 1000, 100_000]) {
    const merge = make()
    merge.load(Array.from({ length: size }, (_, i) => row(i)))
    let i = 0
    const until = performance.now() + 300
    const began = performance.now()
    while (performance.now() < until) {
      for (let k = 0; k < FRAME; k++, i++) merge.apply(typeof event === 'string' ? event : event(i), data(i, size))
      merge.view()
    }
    console.log(
      JSON.stringify({ name: `merge_${name}_${size}`, value: Math.round((i / (performance.now() - began)) * 1000), unit: 'events/s' }),
    )
  }
