import { expect, type Page, test } from '@playwright/test'
import { violations } from './axe.ts'

// What a page may allow and still show the element: no inline style, no inline script, no other host.
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"
const origin = 'http://app.test'

const element = (
  more = '',
) => `<confluence-connect org-name="Acme Notes" api-url="${origin}" token-url="/token" ${more}>
  <button slot="trigger">Add Confluence</button></confluence-connect>`
const classic = '<script src="/confluence-connect.js" defer></script>'
const inModule = '<script type="module" src="/main.js"></script>'

/** A page with nothing but the element on a server that answers just enough for the first view. */
async function serve(page: Page, body: string) {
  const answers: Record<string, object> = {
    '/': {
      contentType: 'text/html',
      headers: { 'content-security-policy': policy },
      body: `<!doctype html><html lang="en"><title>Acme Notes</title><link rel="stylesheet" href="/page.css"><main><h1>Sources</h1>${body}</main>`,
    },
    '/page.css': { contentType: 'text/css', body: 'confluence-connect { --cc-color-surface: rgb(250 251 252) }' },
    '/main.js': { contentType: 'text/javascript', body: "import '/element.js'; import '/element.js?again'" },
    '/element.js': { path: 'dist/element.js' },
    '/confluence-connect.js': { path: 'dist/confluence-connect.js' },
    '/token': { json: { access_token: 'a-token' } },
    '/v1/connections': { json: { connections: [] } },
  }
  await page.route('**/*', (route) => {
    const url = new URL(route.request().url())
    const answer = url.origin === origin ? answers[url.pathname] : undefined
    return answer ? route.fulfill(answer) : route.fulfill({ status: 404 })
  })
  const refused: string[] = []
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()))
  page.on('pageerror', (error) => refused.push(error.message))
  await page.goto(`${origin}/`)
  return refused
}

for (const [name, body] of [
  ['a classic script after its tag', `${element()}${classic}`],
  ['a classic script before its tag', `${classic}${element()}`],
  ['a classic script twice', `${classic}${element()}${classic}`],
  ['a module, twice', `${element()}${inModule}`],
] as const)
  test(`the element works on a strict page, as ${name}`, async ({ page }) => {
    const refused = await serve(page, body)
    await page.getByRole('button', { name: 'Add Confluence' }).click()
    const dialog = page.getByRole('dialog', { name: 'Connect Confluence to Acme Notes' })
    await expect(page.getByLabel('Your Confluence site')).toBeFocused()
    await expect(dialog).toHaveCSS('background-color', 'rgb(250, 251, 252)')
    await expect(dialog).toHaveCSS('border-top-left-radius', '14px')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(page.getByRole('button', { name: 'Add Confluence' })).toBeFocused()
    expect(refused).toEqual([])
  })

test('the element is open from the start where the tag says so', async ({ page }) => {
  await serve(page, `${element('open')}${classic}`)
  await expect(page.getByLabel('Your Confluence site')).toBeFocused()
})

test('the element adds no global name', async ({ page }) => {
  const names = () => page.evaluate(() => Reflect.ownKeys(globalThis).map(String).sort())
  await serve(page, element())
  const before = await names()
  await page.addScriptTag({ url: '/confluence-connect.js' })
  await page.getByRole('button', { name: 'Add Confluence' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(await names()).toEqual(before)
})
