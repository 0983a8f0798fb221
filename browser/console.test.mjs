import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openConsole } from './console.mjs'
import { launch, serve } from './harness.mjs'

test('the console lists entry points, calls one by its form and watches a stream', async (t) => {
  const server = await serve(t, 'chat')
  const { page, main, call, fields, watch } = await openConsole(await launch(t), server)

  const names = await page.locator('#nav a').evaluateAll((links) => links.map((a) => a.dataset.name))
  assert.deepEqual(names.toSorted(), ['chat/me', 'chat/messages', 'chat/remove', 'chat/rooms', 'chat/send', 'chat/signIn', 'chat/signOut'])

  const panel = await watch('chat/messages', { room: 'lobby' })

  await t.test('a guard is told', async () => assert.equal(await call('chat/send', { room: 'lobby', text: 'too early' }), 'UNAUTHORIZED'))

  await t.test('an rpc starts a session, and the next call has it', async () => {
    assert.equal(await call('chat/signIn', { name: 'Alice' }), 'ok')
    await page.locator('#status[data-state="connected"]').waitFor()
    assert.equal(await call('chat/send', { room: 'lobby', text: 'Said in the console' }), 'ok')
  })

  await t.test('the watched stream shows the write', () => panel.getByRole('cell', { name: 'Said in the console' }).waitFor())

  await t.test('an argument that does not fit is marked at its field', async () => {
    await fields({ text: '' })
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await main.locator('.answer .badge.failed').filter({ hasText: 'VALIDATION' }).waitFor()
    await main.locator('.field .issue').filter({ hasText: 'must not be empty' }).waitFor()
  })
})
