import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apps, measure } from '../size.mjs'

// Bytes with gzip -9. Whoever needs more raises them, and says in docs/client.md what for.
const bounds = { 'calls alone': 5850, 'calls and a live stream': 10_800, everything: 12_950 }

for (const [name, code] of Object.entries(apps))
  test(`the size of ${name}`, async () => {
    const { gzip } = await measure(code)
    assert.ok(gzip <= bounds[name], `${gzip} bytes`)
  })

test('what an app does not use is not in its bundle', async () => {
  const imports = `import * as live from './index.js'; import { streams, diff } from './index.js';`
  const none = await measure(`${imports} const unused = /* @__PURE__ */ streams('a/b', /* @__PURE__ */ diff())`)
  assert.ok(none.bytes < 50, `${none.bytes} bytes`)
})
