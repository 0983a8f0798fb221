import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, launch, serve, signInAs } from './harness.mjs'

test('votes move the counts for everybody', async (t) => {
  const server = await serve(t, 'poll')
  const browser = await launch(t)
  const alice = await browser.person(server.url)
  const bob = await browser.person(server.url)
  await signInAs(alice, 'Alice')
  await signInAs(bob, 'Bob')

  await alice.getByLabel('Question').fill('Tabs or spaces?')
  await alice.getByLabel('Choice 1').fill('Spaces')
  await alice.getByLabel('Choice 2').fill('Tabs')
  await alice.getByRole('button', { name: 'Ask' }).click()

  const poll = (page) => page.getByRole('article', { name: 'Tabs or spaces?' })
  const choices = (page) => poll(page).locator('li .label').allTextContents()
  await poll(bob).waitFor()

  await poll(alice).getByRole('button', { name: 'Tabs' }).click()
  await poll(bob).getByTestId('turnout').filter({ hasText: '1 vote' }).waitFor()
  await eventually('the leading choice is first', async () => (await choices(bob))[0] === 'Tabs')

  await poll(bob).getByRole('button', { name: 'Spaces' }).click()
  await poll(alice).getByTestId('turnout').filter({ hasText: '2 votes' }).waitFor()

  await t.test('a changed mind counts once', async () => {
    await poll(alice).getByRole('button', { name: 'Spaces' }).click()
    await eventually('spaces lead with both votes', async () => {
      const numbers = await poll(bob).locator('li .number').allTextContents()
      return (await choices(bob))[0] === 'Spaces' && numbers[0] === '2' && numbers[1] === '0'
    })
    assert.match(await poll(bob).getByTestId('turnout').textContent(), /2 votes/)
  })

  await t.test('a closed poll takes no votes', async () => {
    await poll(alice).getByRole('button', { name: 'Close' }).click()
    await eventually('it is closed for Bob', () => poll(bob).getByRole('button', { name: 'Tabs' }).isDisabled())
  })
})
