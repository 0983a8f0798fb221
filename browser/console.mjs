// The console, as a person uses it.

/** Opens the console of a server. */
export async function openConsole(browser, server) {
  const page = await browser.person(`${server.url}/_live/`)
  await page.locator('#status[data-state="connected"]').waitFor()
  const main = page.getByRole('main')
  const fields = async (values) => {
    for (const [name, value] of Object.entries(values)) await main.locator(`.labelled:has(> .name > b:text-is("${name}"))`).last().locator('input, textarea, select').first().fill(value)
  }
  const open = async (name, values = {}) => {
    await page.locator(`#nav a[data-name="${name}"]`).click()
    await page.getByRole('heading', { name, exact: true }).waitFor()
    await fields(values)
  }
  return {
    page,
    main,
    open,
    fields,

    /** Calls an rpc and gives the code that it ends with: ok, or that of an error. */
    async call(name, values) {
      await open(name, values)
      await page.getByRole('button', { name: 'Call', exact: true }).click()
      return main.locator('.answer .badge').textContent()
    },

    /** Watches a stream, a channel, or with `button` a part of a room. */
    async watch(name, values, button = 'Watch') {
      await open(name, values)
      await page.getByRole('button', { name: button, exact: true }).click()
      const panel = page.locator('#dock .panel').first()
      await panel.locator('.status[data-state="live"]').waitFor()
      return panel
    },

    /** Listens for a signal. */
    async listen(name) {
      await open(name)
      await page.getByRole('button', { name: 'Listen', exact: true }).click()
      return page.getByRole('region', { name: `Listening for ${name}` })
    },
  }
}
