import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connected, eventually, launch, network, serve, signInAs } from './harness.mjs'

const people = (page) => page.getByTestId('people').locator('.avatar').evaluateAll((all) => all.map((a) => a.title).toSorted())
const cards = (page, column) => page.getByRole('region', { name: column, exact: true }).getByLabel('Title').evaluateAll((all) => all.map((i) => i.value))
const pointers = (page) => page.getByTestId('cursor').locator('span').allTextContents()

const sees = (page, names) => eventually(`${names.join(', ') || 'nobody'} is there`, async () => assert.deepEqual(await people(page), names) ?? true)
const holds = (page, column, titles) => eventually(`${column} holds ${titles.join(', ')}`, async () => assert.deepEqual(await cards(page, column), titles) ?? true)
const pointed = (page, names) => eventually(`the pointers of ${names.join(', ') || 'nobody'} are there`, async () => assert.deepEqual((await pointers(page)).toSorted(), names) ?? true)

async function create(page, title) {
  await page.getByLabel('Title of a board').fill(title)
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { name: title }).waitFor()
  return page.url()
}

async function add(page, column, title) {
  await page.getByLabel(`New card in ${column}`).fill(title)
  await page.keyboard.press('Enter')
}

/** Moves the mouse to a point of the board; x and y are from 0 to 1. */
async function point(page, x, y) {
  const box = await page.getByRole('group', { name: 'Board' }).boundingBox()
  await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 })
}

test('a board is shared by those who have it open, and by nobody else', async (t) => {
  const server = await serve(t, 'board')
  const browser = await launch(t)
  const line = await network(t, server) // Carol's, to be cut
  const [alice, bob, carol, dave] = await Promise.all([server.url, server.url, line.url, server.url].map((url) => browser.person(url)))
  await signInAs(alice, 'Alice')
  await signInAs(bob, 'Bob')
  await signInAs(carol, 'Carol')
  await signInAs(dave, 'Dave')
  const board = await create(alice, 'Plans')
  await create(dave, 'Elsewhere')
  await bob.goto(board)
  const hers = board.replace(server.url, line.url)
  await carol.goto(hers)
  const second = await carol.context().newPage() // Carol's other tab
  await second.goto(hers)
  const here = [alice, bob, carol, second]

  await t.test('everybody is there once, however many tabs they have', async () => {
    for (const page of here) await sees(page, ['Alice', 'Bob', 'Carol'])
    await sees(dave, ['Dave'])
  })

  await t.test('a card is there for all of them', async () => {
    await add(alice, 'To do', 'Write')
    await add(bob, 'To do', 'Read')
    await add(dave, 'To do', 'Something else')
    for (const page of here) await holds(page, 'To do', ['Write', 'Read'])
    await holds(dave, 'To do', ['Something else'])
  })

  await t.test('a card that is dragged moves for all of them', async () => {
    await bob.getByRole('region', { name: 'To do' }).getByRole('listitem').first().dragTo(bob.getByRole('region', { name: 'Doing' }), { sourcePosition: { x: 6, y: 6 } })
    for (const page of here) {
      await holds(page, 'Doing', ['Write'])
      await holds(page, 'To do', ['Read'])
    }
    await holds(dave, 'Doing', [])
  })

  await t.test('a title that is typed changes for all of them', async () => {
    const title = second.getByRole('region', { name: 'Doing' }).getByLabel('Title')
    await title.fill('Write it down')
    await title.press('Tab')
    for (const page of here) await holds(page, 'Doing', ['Write it down'])
  })

  await t.test('a pointer shows to the others, with its name', async () => {
    await point(bob, 0.5, 0.5)
    for (const page of [alice, carol, second]) await pointed(page, ['Bob'])
    await point(bob, 0.25, 0.75)
    await eventually('it has moved', async () => {
      const box = await alice.getByRole('group', { name: 'Board' }).boundingBox()
      const cursor = await alice.getByTestId('cursor').boundingBox()
      return Math.abs(cursor.x - box.x - 0.25 * box.width) < 3 && Math.abs(cursor.y - box.y - 0.75 * box.height) < 3
    })
    await pointed(bob, [])
    await pointed(dave, [])
  })

  await t.test('a tab that is killed takes nobody away who has another', async () => {
    await second.close()
    await bob.close() // Bob has none left
    await sees(alice, ['Alice', 'Carol'])
    await sees(carol, ['Alice', 'Carol'])
    await pointed(alice, [])
  })

  await t.test('who loses the network is missed, catches up and is there again', async () => {
    await carol.context().setOffline(true)
    line.cut()
    await connected(carol, 'waiting')
    await holds(carol, 'Doing', ['Write it down'])
    await sees(alice, ['Alice'])
    await add(alice, 'Done', 'Rest')
    line.mend()
    await carol.context().setOffline(false)
    await connected(carol)
    await holds(carol, 'Done', ['Rest'])
    for (const page of [alice, carol]) await sees(page, ['Alice', 'Carol'])
  })

  await t.test('after a crash of the server all of it is there again', async () => {
    await server.kill()
    await Promise.all([connected(alice, 'waiting'), connected(carol, 'waiting')])
    await holds(alice, 'Done', ['Rest'])
    await server.start()
    for (const page of [alice, carol]) {
      await connected(page)
      await sees(page, ['Alice', 'Carol'])
      await holds(page, 'Done', ['Rest'])
    }
    await sees(dave, ['Dave'])
    await point(carol, 0.4, 0.4)
    await pointed(alice, ['Carol'])
    await pointed(dave, [])
  })
})
