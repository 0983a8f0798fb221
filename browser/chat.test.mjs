import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connected, eventually, launch, serve, signInAs } from './harness.mjs'

const messages = (page) => page.getByTestId('messages').locator('.text').allTextContents()

async function say(page, text) {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

/** Says something and waits for the server to confirm it. */
async function said(page, text) {
  await say(page, text)
  await eventually(`"${text}" is confirmed`, async () => (await page.getByLabel('Message', { exact: true }).inputValue()) === '')
}

test('two people chat, and a crash of the server loses nothing', async (t) => {
  const server = await serve(t, 'chat')
  const browser = await launch(t)
  const alice = await browser.person(server.url)
  const bob = await browser.person(server.url)
  await signInAs(alice, 'Alice')
  await signInAs(bob, 'Bob')

  await t.test('what one says the other sees', async () => {
    await said(alice, 'Hello, Bob!')
    await bob.getByText('Hello, Bob!').waitFor()
    await said(bob, 'Hello, Alice!')
    await alice.getByText('Hello, Alice!').waitFor()
    assert.deepEqual(await messages(alice), ['Hello, Alice!', 'Hello, Bob!'], 'newest first')
    assert.deepEqual(await messages(bob), await messages(alice))
  })

  await t.test('a message that is too long is refused with the reason', async () => {
    await say(alice, 'x'.repeat(501))
    await alice.getByRole('alert').filter({ hasText: 'text must be at most 500 characters' }).waitFor()
    assert.equal((await alice.getByLabel('Message', { exact: true }).inputValue()).length, 501, 'what was typed is still there')
    assert.equal((await messages(bob)).length, 2)
    await said(alice, 'Shorter, then.')
    await bob.getByText('Shorter, then.').waitFor()
    assert.equal(await alice.getByRole('alert').count(), 0)
  })

  await t.test('while the server is gone, the old messages stay in view', async () => {
    await server.kill()
    await Promise.all([connected(alice, 'waiting'), connected(bob, 'waiting')])
    for (const page of [alice, bob]) assert.deepEqual(await messages(page), ['Shorter, then.', 'Hello, Alice!', 'Hello, Bob!'])
  })

  await t.test('when it is back, new ones flow', async () => {
    await server.start()
    await Promise.all([connected(alice), connected(bob)])
    await said(bob, 'Still here?')
    await alice.getByText('Still here?').waitFor()
    await said(alice, 'Still here.')
    await bob.getByText('Still here.').waitFor()
  })

  await t.test('what was confirmed is there, once, for somebody who comes later', async () => {
    const carol = await browser.person(server.url)
    await signInAs(carol, 'Carol')
    await carol.getByText('Still here.').waitFor()
    assert.deepEqual(await messages(carol), ['Still here.', 'Still here?', 'Shorter, then.', 'Hello, Alice!', 'Hello, Bob!'])
  })

  await t.test('a message that was on its way in the crash arrives at most once', async () => {
    await say(bob, 'In the middle of it')
    await server.kill()
    await connected(bob, 'waiting')
    await server.start()
    await Promise.all([connected(alice), connected(bob)])
    const settled = async () => (await bob.getByLabel('Message', { exact: true }).inputValue()) === '' || (await bob.getByRole('alert').count()) > 0
    await eventually('the call has ended, one way or the other', settled, 40_000)
    const confirmed = (await bob.getByLabel('Message', { exact: true }).inputValue()) === ''
    await said(alice, 'After it')
    await bob.getByText('After it').waitFor()
    const times = (await messages(alice)).filter((text) => text === 'In the middle of it').length
    assert.ok(confirmed ? times === 1 : times <= 1, `confirmed: ${confirmed}; it is there ${times} times`)
    assert.deepEqual(await messages(bob), await messages(alice))
  })
})

test('rooms are separate, and the list of rooms is live', async (t) => {
  const server = await serve(t, 'chat')
  const browser = await launch(t)
  const alice = await browser.person(server.url)
  const bob = await browser.person(server.url)
  await signInAs(alice, 'Alice')
  await signInAs(bob, 'Bob')

  await alice.getByLabel('Name of a room').fill('garden')
  await alice.keyboard.press('Enter')
  await said(alice, 'Roses!')
  await bob.getByRole('button', { name: '# garden' }).waitFor()
  assert.deepEqual(await messages(bob), [], 'nothing of it is in the lobby')
  await bob.getByRole('button', { name: '# garden' }).click()
  await bob.getByText('Roses!').waitFor()

  await alice.getByRole('button', { name: 'Take back: Roses!' }).click({ force: true })
  await eventually('it is gone for both', async () => (await messages(alice)).length === 0 && (await messages(bob)).length === 0)
})
