// Merges events as browsers do. Each line of the input is [client, event, value], where the event `load` is a snapshot; each line of the output is what the client then holds.
import { createInterface } from 'node:readline'
import { diff, set } from '../../../client/dist/_live/index.js'

const clients = new Map()
for await (const line of createInterface({ input: process.stdin })) {
  const [id, event, value] = JSON.parse(line)
  if (event === 'load') {
    const merge = (Array.isArray(value) ? diff() : set())()
    merge.load(value)
    clients.set(id, merge)
  } else {
    clients.get(id).apply(event, value)
  }
  process.stdout.write(JSON.stringify(clients.get(id).view()) + '\n')
}
