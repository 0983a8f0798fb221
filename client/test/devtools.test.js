import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Log, tap } from '../dist/_live/devtools.js'

const said = (log) => log.calls.map((c) => [c.path, c.outcome, c.took, c.tries])

test('calls are logged with their outcomes, newest first', () => {
  const log = new Log()
  log.sent('[{"t":"hello","v":1,"h":""},{"t":"call","id":1,"m":"a/b","a":[1]},{"t":"sub","id":2,"m":"a/s","a":[]}]', 100)
  log.sent('{"t":"batch","b":[{"t":"call","id":3,"m":"a/c","a":[]},{"t":"call","id":4,"m":"a/d","a":[]}]}', 110)
  log.sent('{"t":"pub","m":"a/cursors","a":[],"k":"update","v":1}', 120)
  log.sent('{"t":"call","id":1,"m":"a/b","a":[1]}', 130)
  log.received(
    '[{"t":"ok","id":1,"v":5,"s":0},{"t":"err","id":4,"code":"CONFLICT","message":"no"},{"t":"ev","c":7,"s":1,"k":"set","v":1}]',
    150,
  )
  log.received('{"t":"ok","id":99,"v":1,"s":0}')
  log.received('what is this')
  assert.deepEqual(said(log), [
    ['a/cursors', 'sent', undefined, 1],
    ['a/d', 'CONFLICT', 40, 1],
    ['a/c', 'waits', undefined, 1],
    ['a/b', 'ok', 50, 2],
  ])
  assert.deepEqual([log.calls[3].result, log.calls[1].result, log.frames, log.events.get(7)], [5, 'no', 3, 1])
})

test('binary calls are logged, and the log is bounded', () => {
  const log = new Log()
  const header = new TextEncoder().encode('{"t":"call","id":1,"m":"a/upload","a":[null]}')
  log.sent(Uint8Array.of(0, 0, header.length, ...header, 1, 2, 3))
  assert.deepEqual(said(log), [['a/upload', 'waits', undefined, 1]])
  for (let id = 2; id < 300; id++) log.sent(`{"t":"call","id":${id},"m":"a/b","a":[]}`)
  assert.equal(log.calls.length, 200)
})

test('only connections of Live are tapped', () => {
  class Plain extends EventTarget {
    sent = []
    send(frame) {
      this.sent.push(frame)
    }
  }
  const scope = { WebSocket: Plain }
  const log = new Log()
  tap(log, scope)
  const [ours, other] = [new scope.WebSocket('ws://x', 'live.v1'), new scope.WebSocket('ws://x', 'vite-hmr')]
  for (const socket of [ours, other]) {
    socket.send('{"t":"call","id":1,"m":"a/b","a":[]}')
    socket.dispatchEvent(Object.assign(new Event('message'), { data: '{"t":"pong"}' }))
  }
  assert.deepEqual([ours.sent.length, other.sent.length, log.calls.length, log.frames], [1, 1, 1, 1])
})
