// Takes the pictures of the README: node setup.mjs && node screenshots.mjs. They go to docs/img/.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch, root, serve, signInAs } from './harness.mjs'

const folder = join(root, 'docs', 'img')
mkdirSync(folder, { recursive: true })

const ends = []
const t = { after: (end) => ends.unshift(end) }
const shot = (page, name) => page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })

async function say(page, text) {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.keyboard.press('Enter')
  await page.getByTestId('messages').getByText(text).waitFor()
}

async function chat(browser) {
  const server = await serve(t, 'chat')
  const [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => browser.person(server.url)))
  await signInAs(alice, 'Alice')
  await signInAs(bob, 'Bob')
  await signInAs(carol, 'Carol')
  for (const [page, room, text] of [
    [carol, 'garden', 'The roses are out.'],
    [bob, 'music', 'Who plays on Friday?'],
    [alice, 'lobby', 'Good morning! Did the deploy go through?'],
    [bob, 'lobby', 'It did, ten minutes ago. Nobody noticed.'],
    [carol, 'lobby', 'That is how it should be. My tab never lost a message.'],
    [alice, 'lobby', 'Lovely. Then it is time for coffee.'],
  ]) {
    if (room !== 'lobby') {
      await page.getByLabel('Name of a room').fill(room)
      await page.keyboard.press('Enter')
      await say(page, text)
      await page.getByRole('button', { name: '# lobby' }).click()
    } else await say(page, text)
  }
  await alice.getByRole('button', { name: '# music' }).waitFor()
  await shot(alice, 'chat')

  const page = await browser.person(`${server.url}/_live/#chat/messages`)
  await page.setViewportSize({ width: 1500, height: 820 })
  await page.getByRole('main').getByLabel('room').first().fill('lobby')
  await page.getByRole('button', { name: 'Watch' }).click()
  await page.getByLabel('Watching').locator('table').waitFor()
  await page.locator('#nav a[data-name="chat/send"]').click()
  await page.getByRole('main').getByLabel('room').first().fill('lobby')
  await page.getByRole('main').getByLabel('text').first().fill('Hello from the console')
  await shot(page, 'console')
}

async function board(browser) {
  const server = await serve(t, 'board')
  const [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => browser.person(server.url)))
  for (const [page, name, color] of [
    [alice, 'Alice', 'violet'],
    [bob, 'Bob', 'green'],
    [carol, 'Carol', 'orange'],
  ]) {
    await page.getByRole('radio', { name: color }).click()
    await signInAs(page, name)
  }
  await alice.getByLabel('Title of a board').fill('Summer release')
  await alice.getByRole('button', { name: 'Create' }).click()
  await alice.getByRole('heading', { name: 'Summer release' }).waitFor()
  for (const page of [bob, carol]) await page.goto(alice.url())
  for (const [column, title] of [
    ['To do', 'Write the announcement'],
    ['To do', 'Draw the new icons'],
    ['To do', 'Ask the beta testers'],
    ['Doing', 'Measure the fan-out'],
    ['Doing', 'Cursors with names'],
    ['Done', 'Presence that survives a reload'],
    ['Done', 'Resync in place of loss'],
  ]) {
    await alice.getByLabel(`New card in ${column}`).fill(title)
    await alice.keyboard.press('Enter')
    await alice.locator(`input[aria-label="Title"]`).nth(0).waitFor()
    await alice.waitForFunction((text) => [...document.querySelectorAll('input[aria-label="Title"]')].some((i) => i.value === text), title)
  }
  for (const [page, x, y] of [
    [bob, 0.45, 0.42],
    [carol, 0.8, 0.3],
  ]) {
    const box = await page.getByRole('group', { name: 'Board' }).boundingBox()
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 })
  }
  await alice.getByTestId('cursor').nth(1).waitFor()
  await alice.evaluate(() => document.activeElement?.blur())
  await shot(alice, 'board')
}

try {
  const browser = await launch(t, { deviceScaleFactor: 1.5, colorScheme: 'light' })
  for (const take of [chat, board]) await take(browser)
} finally {
  for (const end of ends) await end()
}
