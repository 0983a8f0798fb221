import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, settle, tick } from './fake.js'

/** Numbers that look random and are the same each time (Park and Miller, 1988). */
const numbers = (seed) => {
  let state = seed * 7919 + 1
  return (n) => (state = (state * 48271) % 2147483647) % n
}

/** A stream of rows on a server: its topic keeps the last events, and gets another epoch now and then. */
class Topic {
  rows = []
  seq = 0
  epoch = 1
  kept = []
  next = 0

  constructor(random) {
    this.random = random
  }

  /** Makes a few operations, as one event. */
  change() {
    const ops = []
    for (let i = this.random(3); i >= 0; i--) {
      const n = this.rows.length
      const [at, to] = n ? [this.random(n), this.random(n)] : [0, 0]
      const kind = n ? this.random(4) : 0
      const rows = this.rows.slice()
      if (kind === 0) {
        const row = { id: `r${this.next++}`, v: 0 }
        rows.splice(at, 0, row)
        ops.push(['+', at, row])
      } else if (kind === 1) {
        rows.splice(at, 1)
        ops.push(['-', at])
      } else if (kind === 2) {
        rows[at] = { ...rows[at], v: ++this.next }
        ops.push(['~', at, { v: this.next }])
      } else {
        rows.splice(to, 0, rows.splice(at, 1)[0])
        ops.push(['>', at, to])
      }
      this.rows = rows
    }
    const event = { s: ++this.seq, k: 'diff', v: ops }
    this.kept.push(event)
    if (this.kept.length > 8) this.kept.shift()
    return event
  }

  restart() {
    this.epoch++
    this.kept = []
    this.seq = this.random(5)
  }
}

test('whatever is lost, cut, skipped or begun anew, the client ends with what the server has', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = numbers(seed)
    const { live, server } = await client()
    const topic = new Topic(random)
    const stream = live.stream('a/s', live.diff({ key: ['id'] }))
    let stop = stream.subscribe(() => {})
    let heard = 0 // messages of the present connection that were handled
    let subscribed // the id and topic number of the subscription
    let behind = false // a resync was sent, and no snapshot yet

    const answer = async () => {
      await settle()
      const messages = server.last.open ? server.heard() : []
      for (; heard < messages.length; heard++) {
        const m = messages[heard]
        if (m.t === 'unsub') subscribed = undefined
        if (m.t !== 'sub') continue
        subscribed = { id: m.id, c: random(1000) }
        behind = false
        const held = m.at && m.at.e === `e${topic.epoch}` && m.at.s <= topic.seq && topic.seq - m.at.s <= topic.kept.length
        const place = { id: m.id, c: subscribed.c, e: `e${topic.epoch}` }
        if (held)
          await server.say(
            { t: 'live', ...place, s: m.at.s },
            ...topic.kept.filter((e) => e.s > m.at.s).map((e) => ({ t: 'ev', c: subscribed.c, ...e })),
          )
        else await server.say({ t: 'snap', ...place, s: topic.seq, v: structuredClone(topic.rows) })
      }
    }
    const snapshot = () => ({
      t: 'snap',
      id: subscribed.id,
      c: subscribed.c,
      e: `e${topic.epoch}`,
      s: topic.seq,
      v: structuredClone(topic.rows),
    })
    const connected = () => server.last.open
    const connect = async () => {
      do await tick(30_000)
      while (server.last.closed) // heartbeats may have ended it meanwhile
      if (connected()) return
      heard = 0
      subscribed = undefined
      await server.accept()
    }

    await connect()
    for (let step = 0; step < 40; step++) {
      await answer()
      switch (random(9)) {
        case 0:
          if (connected()) await server.close(1006)
          break
        case 1:
          await connect()
          break
        case 2: // an event that never arrives
          topic.change()
          break
        case 3:
          if (connected() && subscribed && !behind) {
            behind = true
            await server.say({ t: 'resync', c: subscribed.c })
          }
          break
        case 4:
          if (connected() && subscribed) await server.say(snapshot())
          behind = false
          break
        case 5:
          if (random(4) === 0) {
            if (connected()) await server.close(4000)
            topic.restart()
          }
          break
        case 6:
          stop()
          await answer()
          stop = stream.subscribe(() => {})
          break
        default: {
          const event = topic.change()
          const duplicate = random(3) === 0 ? [{ t: 'ev', c: subscribed?.c, ...event }] : []
          if (connected() && subscribed) await server.say({ t: 'ev', c: subscribed.c, ...event }, ...duplicate)
        }
      }
    }
    await connect()
    await answer()
    if (behind && subscribed) await server.say(snapshot())
    for (let i = 0; i < 3; i++) {
      if (!subscribed) await answer()
      await server.say({ t: 'ev', c: subscribed.c, ...topic.change() }) // a hole shows with the next event
      await answer()
    }
    assert.deepEqual([stream.current, stream.status], [topic.rows, 'live'], `seed ${seed}`)
    stop()
    await settle()
    await server.close()
  }
})
