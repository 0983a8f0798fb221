import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, launch, serve } from './harness.mjs'

async function enter(page, button, name, password) {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: button }).click()
}

const texts = (page) => page.locator('li input.text').evaluateAll((all) => all.map((i) => i.value))

async function add(page, text) {
  await page.getByLabel('What is to be done').fill(text)
  await page.getByRole('button', { name: 'Add' }).click()
}

test('a list belongs to its user and follows them', async (t) => {
  const server = await serve(t, 'todo')
  const browser = await launch(t)
  const alice = await browser.person(server.url)
  await enter(alice, 'New account', 'alice', 'correct horse')
  await alice.locator('header .who').waitFor()
  await add(alice, 'Water the plants')
  await add(alice, 'Feed the cat')
  await eventually('both are there', async () => (await texts(alice)).length === 2)

  await t.test('a name that is taken is refused', async () => {
    const other = await browser.person(server.url)
    await enter(other, 'New account', 'alice', 'battery staple')
    await other.getByRole('alert').waitFor()
    assert.equal(await other.locator('header .who').count(), 0)
  })

  await t.test('a wrong password is refused, the right one lets in', async () => {
    const elsewhere = await browser.person(server.url)
    await enter(elsewhere, 'Sign in', 'alice', 'wrong password')
    await elsewhere.getByRole('alert').filter({ hasText: 'Wrong name or password' }).waitFor()
    await enter(elsewhere, 'Sign in', 'alice', 'correct horse')
    await eventually('the list is there', async () => (await texts(elsewhere)).length === 2)

    await elsewhere.getByLabel('Done: Feed the cat').check()
    await alice.getByTestId('left').filter({ hasText: '1 left' }).waitFor()
    await eventually('it is done on the other machine', () => alice.getByLabel('Done: Feed the cat').isChecked())
    await alice.getByRole('button', { name: 'Clear done' }).click()
    await eventually('it is gone on both', async () => (await texts(elsewhere)).length === 1 && (await texts(alice)).length === 1)
  })

  await t.test('nobody else sees it', async () => {
    const bob = await browser.person(server.url)
    await enter(bob, 'New account', 'bob', 'correct horse')
    await bob.getByText('Nothing to do').waitFor()
  })

  await t.test('the cookie keeps them signed in; signing out ends that', async () => {
    await alice.reload()
    await eventually('the list is there', async () => (await texts(alice)).length === 1)
    await alice.getByRole('button', { name: 'Sign out' }).click()
    await alice.getByRole('heading', { name: 'Your todo list' }).waitFor()
    await alice.reload()
    await alice.getByRole('heading', { name: 'Your todo list' }).waitFor()
  })
})
