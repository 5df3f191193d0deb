import type { Page } from '@playwright/test'
import { expect, Stack, signIn, test } from './stack.ts'

// Sign-ins in which no window can speak with another one.

let stack: Stack
test.beforeAll(async () => {
  stack = await Stack.start()
})
test.afterAll(() => stack.stop())

let visitors = 0
/** Whom the app takes this browser's person for. */
let customer = ''
test.beforeEach(async ({ context }) => {
  visitors += 1
  customer = `visitor-${visitors}`
  await context.route('**/api/confluence/token', async (route) => {
    const response = await fetch(`${stack.serverUrl}/auth/v1/access_token`, {
      headers: { authorization: `Bearer ${stack.apiKey}`, 'customer-id': customer },
    })
    await route.fulfill({ status: response.status, contentType: 'application/json', body: await response.text() })
  })
})

const holdWindowsBack = (page: Page) =>
  page.addInitScript(() => {
    window.open = () => null
  })

for (const provider of [null, 'same-origin']) {
  test(`an app page that cuts its windows off connects by a window that comes back to it, Atlassian sending ${provider ?? 'nothing'}`, async ({
    page,
    connect,
  }) => {
    await stack.admin('POST', '/coop', { value: provider })
    // As Helmet and Django send it: apart from every window that it opens.
    const app = await stack.host('cross-origin-opener-policy', 'same-origin')
    await connect.open(`${app.url}/?tab=apps#connect`)
    const lost = await connect.begin()
    await expect(connect.dialog.getByText(/popup_(no_opener|closed)/)).toBeVisible()
    await lost.close()

    const opening = page.waitForEvent('popup')
    await connect.dialog.getByRole('button', { name: 'Open it again' }).click()
    const popup = await opening
    await popup.getByRole('button', { name: 'Log in' }).waitFor()
    await expect(connect.heading('Finish signing in with Atlassian')).toBeVisible()
    const closed = popup.waitForEvent('close')
    await signIn(popup)
    await closed
    await expect(connect.dialog.getByText('Jane Doe').first()).toBeVisible()
    expect(page.url()).toBe(`${app.url}/?tab=apps#connect`)
    await app.close()
    await stack.admin('POST', '/coop', { value: null })
  })
}

test('a person whose browser holds windows back goes on in this tab, and comes back connected', async ({
  page,
  connect,
}) => {
  await holdWindowsBack(page)
  await connect.open(`${stack.url}/?tab=apps#connect`)
  await connect.dialog.getByLabel('Your Confluence site').fill('acme')
  await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
  await connect.dialog.getByRole('button', { name: 'Continue in this tab' }).click()
  await signIn(page)
  await expect(connect.dialog.getByText('Jane Doe').first()).toBeVisible()
  expect(page.url()).toBe(`${stack.url}/?tab=apps#connect`)
  await page.reload()
  await expect(connect.dialog.getByText('Jane Doe').first()).toBeVisible()
})

test('a person who says no in this tab hears that access was not given', async ({ page, connect }) => {
  await holdWindowsBack(page)
  await connect.open(stack.url)
  await connect.dialog.getByLabel('Your Confluence site').fill('acme')
  await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
  await connect.dialog.getByRole('button', { name: 'Continue in this tab' }).click()
  await signIn(page, { decision: 'Deny' })
  await expect(connect.heading('Access was not given')).toBeVisible()
})

test('a start address that is sent to somebody else connects nothing', async ({ browser, page, connect }) => {
  await holdWindowsBack(page)
  // The attacker keeps the address to himself.
  let stolen = ''
  await page.route('**/oauth/return-start?*', (route) => {
    stolen = route.request().url()
    return route.abort()
  })
  await connect.open(stack.url)
  await connect.dialog.getByLabel('Your Confluence site').fill('acme')
  await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
  await connect.dialog.getByRole('button', { name: 'Continue in this tab' }).click()
  await expect.poll(() => stolen).not.toBe('')

  const attacker = customer
  const victim = await (await browser.newContext()).newPage()
  await victim.route('**/api/confluence/token', async (route) => {
    const response = await fetch(`${stack.serverUrl}/auth/v1/access_token`, {
      headers: { authorization: `Bearer ${stack.apiKey}`, 'customer-id': 'the-victim' },
    })
    await route.fulfill({ status: response.status, contentType: 'application/json', body: await response.text() })
  })
  await victim.goto(stolen)
  await signIn(victim)
  await expect(victim.getByRole('dialog').getByText('state_invalid')).toBeVisible()
  await victim.context().close()
  expect(await stack.storedTitles(attacker)).toEqual([])
  expect(await stack.storedTitles('the-victim')).toEqual([])
})
