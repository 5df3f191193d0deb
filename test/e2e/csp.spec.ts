import { Connect, expect, Stack, signIn, test } from './stack.ts'

let stack: Stack
test.beforeAll(async () => {
  stack = await Stack.start({ sandbox: { SANDBOX_PAGES: '120' } })
})
test.afterAll(() => stack.stop())

/** As little as a page can allow and still have scripts, styles, an icon and a server of its own, and ours. */
const strict = (serverUrl: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ${serverUrl}; base-uri 'none'; form-action 'none'`

test('the whole way goes under the strictest content security policy', async ({ context, page }) => {
  const host = await stack.host('content-security-policy', strict(stack.serverUrl))
  const refused: string[] = []
  context.on('console', (message) => /content security policy/i.test(message.text()) && refused.push(message.text()))
  await page.exposeFunction('onRefused', (what: string) => refused.push(what))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      void Reflect.get(window, 'onRefused')(`${violatedDirective}: ${blockedURI} ${sample}`)
    })
  })
  const connect = new Connect(page)
  const { dialog } = connect
  const button = (name: string | RegExp) => dialog.getByRole('button', { name })

  await connect.open(host.url)
  const popup = await connect.begin('acme')
  await expect(connect.heading('Finish signing in with Atlassian')).toBeVisible()
  await signIn(popup)
  await expect(connect.heading(/pages are in Acme Notes/)).toBeVisible({ timeout: 30_000 })
  await button('Done').click()

  await connect.open()
  await expect(connect.heading('Confluence in Acme Notes')).toBeFocused()
  await button(/^Pages/).click()
  await expect(dialog.getByRole('row')).toHaveCount(51)
  await button('Next').click()
  await dialog.getByRole('checkbox').nth(1).check()
  await expect(button(/^Sync 1 page again/)).toBeVisible()
  await button('Back').click()

  await button(/^Choose pages/).click()
  const rows = dialog.getByRole('treeitem')
  await expect(rows.first()).toBeVisible()
  await rows.first().click()
  await dialog.getByRole('tree').press('ArrowRight')
  await button(/^Sync 1 space/).click()
  await expect(connect.heading(/Confluence is connected|pages? (is|are) in Acme Notes/)).toBeVisible()
  await button('Back').click()
  await button(/^Disconnect: acme/).click()
  await button('Disconnect').click()
  await expect(dialog.getByLabel('Your Confluence site')).toBeFocused()
  expect(refused).toEqual([])

  // What it would have said.
  await page.evaluate(() =>
    document.head.append(Object.assign(document.createElement('style'), { textContent: 'p {}' })),
  )
  await expect.poll(() => refused.length).toBeGreaterThan(0)
  await host.close()
})
