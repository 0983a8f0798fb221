import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openConsole } from './console.mjs'
import { eventually, launch, serve } from './harness.mjs'

test('signals reach one user, on all of their connections, and nobody else', async (t) => {
  const server = await serve(t, 'call')
  const browser = await launch(t)
  const [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => openConsole(browser, server)))
  for (const [console, name] of [
    [alice, 'Alice'],
    [bob, 'Bob'],
    [carol, 'Carol'],
  ]) {
    assert.equal(await console.call('call/signIn', { name }), 'ok')
    await console.page.locator('#status[data-state="connected"]').waitFor()
  }

  const keys = {}
  await t.test('the lobby shows who can be called', async () => {
    const panel = await alice.watch('call/lobby', {}, 'Watch presence')
    await bob.watch('call/lobby', {}, 'Watch presence')
    await carol.watch('call/lobby', {}, 'Watch presence')
    await eventually('three are there', async () => (await panel.locator('tbody tr').count()) === 3)
    for (const row of await panel.locator('tbody tr').all()) {
      keys[await row.locator('td').nth(1).textContent()] = await row.locator('td').first().getAttribute('title')
    }
    assert.deepEqual(Object.keys(keys).toSorted(), ['Alice', 'Bob', 'Carol'])
  })

  await t.test('the console tells who is in it without entering', async () => {
    const dave = await openConsole(browser, server)
    const row = dave.page.getByLabel('Open rooms and channels').getByRole('row').filter({ hasText: 'call/lobby()' })
    await row.waitFor()
    assert.deepEqual((await row.locator('.member').allTextContents()).toSorted(), ['Alice', 'Bob', 'Carol'])
  })

  await t.test('offer, answer and candidates go from one to the other', async () => {
    const offers = await bob.listen('call/offer')
    const others = [await carol.listen('call/offer'), await alice.listen('call/offer')]
    const answers = await alice.listen('call/answer')
    const candidates = await bob.listen('call/ice')

    assert.equal(await alice.call('call/call', { peer: keys.Bob, sdp: 'v=0 from Alice' }), 'ok')
    await offers.getByText('v=0 from Alice').waitFor()
    assert.equal(await bob.call('call/accept', { peer: keys.Alice, sdp: 'v=0 from Bob' }), 'ok')
    await answers.getByText('v=0 from Bob').waitFor()
    assert.equal(await alice.call('call/sendCandidate', { peer: keys.Bob, candidate: '{"candidate":"udp 192.0.2.1"}' }), 'ok')
    await candidates.getByText('udp 192.0.2.1').waitFor()
    for (const panel of others) assert.match(await panel.textContent(), /none yet/)
  })

  await t.test('nobody can call themselves', async () => assert.equal(await alice.call('call/call', { peer: keys.Alice, sdp: 'v=0' }), 'BUSY'))
})

test('pointers in a channel are there for those on the same page', async (t) => {
  const server = await serve(t, 'cursors')
  const browser = await launch(t)
  const [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => openConsole(browser, server)))
  const [hers, his, elsewhere] = [await alice.watch('cursors/pointers', { page: 'home' }), await bob.watch('cursors/pointers', { page: 'home' }), await carol.watch('cursors/pointers', { page: 'about' })]

  await alice.fields({ x: '0.25', y: '0.75', name: 'Alice' })
  await alice.page.getByRole('button', { name: 'Publish' }).click()
  for (const panel of [hers, his]) await panel.getByRole('cell', { name: 'Alice' }).waitFor()
  assert.equal(await elsewhere.getByRole('cell').count(), 0)

  await t.test('one who comes later sees them too', async () => {
    const dave = await openConsole(browser, server)
    await (await dave.watch('cursors/pointers', { page: 'home' })).getByRole('cell', { name: 'Alice' }).waitFor()
  })

  await t.test('what does not fit is refused', async () => {
    await alice.fields({ x: '2' })
    await alice.page.getByRole('button', { name: 'Publish' }).click()
    await alice.main.locator('.answer .badge.failed').filter({ hasText: 'VALIDATION' }).waitFor()
  })

  await t.test('a pointer goes with its owner', async () => {
    await alice.page.close()
    await eventually('it is gone', async () => (await his.getByRole('cell').count()) === 0)
  })
})
