import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launch, serve } from './harness.mjs'

test('the console lists entry points, calls one by its form and watches a stream', async (t) => {
  const server = await serve(t, 'chat')
  const browser = await launch(t)
  const page = await browser.person(`${server.url}/_live/`)
  await page.locator('#status[data-state="connected"]').waitFor()

  const names = await page.locator('#nav a').evaluateAll((links) => links.map((a) => a.dataset.name))
  assert.deepEqual(names.toSorted(), ['chat/me', 'chat/messages', 'chat/remove', 'chat/rooms', 'chat/send', 'chat/signIn', 'chat/signOut'])

  const open = (name) => page.locator(`#nav a[data-name="${name}"]`).click()
  const field = (name) => page.getByRole('main').getByLabel(name, { exact: false }).first()

  await t.test('a stream is watched', async () => {
    await open('chat/messages')
    await field('room').fill('lobby')
    await page.getByRole('button', { name: 'Watch' }).click()
    await page.getByLabel('Watching chat/messages("lobby")').locator('.status[data-state="live"]').waitFor()
  })

  await t.test('a guard is told', async () => {
    await open('chat/send')
    await field('room').fill('lobby')
    await field('text').fill('too early')
    await page.getByRole('button', { name: 'Call' }).click()
    await page.locator('.answer .badge.failed').filter({ hasText: 'UNAUTHORIZED' }).waitFor()
  })

  await t.test('an rpc starts a session, and the next call has it', async () => {
    await open('chat/signIn')
    await field('name').fill('Alice')
    await page.getByRole('button', { name: 'Call' }).click()
    await page.locator('.answer .badge.ok').waitFor()
    await page.locator('#status[data-state="connected"]').waitFor()

    await open('chat/send')
    await field('room').fill('lobby')
    await field('text').fill('Said in the console')
    await page.getByRole('button', { name: 'Call' }).click()
    await page.locator('.answer .badge.ok').waitFor()
  })

  await t.test('the watched stream shows the write', async () => {
    await page.getByLabel('Watching chat/messages("lobby")').getByText('Said in the console').first().waitFor()
  })

  await t.test('an argument that does not fit is marked at its field', async () => {
    await field('text').fill('')
    await page.getByRole('button', { name: 'Call' }).click()
    await page.locator('.answer .badge.failed').filter({ hasText: 'VALIDATION' }).waitFor()
    await page.locator('.field .issue').filter({ hasText: 'must not be empty' }).waitFor()
  })
})
