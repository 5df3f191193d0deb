import { expect, Stack, signIn, test } from './stack.ts'

let stack: Stack
test.beforeAll(async () => {
  stack = await Stack.start()
})
test.afterAll(() => stack.stop())
test.afterEach(async () => {
  await stack.admin('POST', '/coop', { value: null })
  await stack.admin('DELETE', '/faults')
})

/** A customer of their own for each test: nothing that another one connected. */
let visitors = 0
let customer = ''
test.beforeEach(async ({ page }) => {
  visitors += 1
  // The demo knows two visitors; whoever else is needed comes from the token route.
  customer = `visitor-${visitors}`
  await page.route('**/api/confluence/token', async (route) => {
    const response = await fetch(`${stack.serverUrl}/auth/v1/access_token`, {
      headers: { authorization: `Bearer ${stack.apiKey}`, 'customer-id': customer },
    })
    await route.fulfill({ status: response.status, contentType: 'application/json', body: await response.text() })
  })
})

test('a person who says no hears that access was not given, and can try again', async ({ connect }) => {
  await connect.open(stack.url)
  await signIn(await connect.begin(), { decision: 'Deny' })
  await expect(connect.heading('Access was not given')).toBeVisible()
  await expect(connect.dialog.getByText(/access_denied/)).toBeVisible()
  const opening = connect.page.waitForEvent('popup')
  await connect.dialog.getByRole('button', { name: 'Try again' }).click()
  await signIn(await opening)
  await expect(connect.dialog.getByText('Jane Doe')).toBeVisible()
})

test('a person who grants another site is asked, and decides', async ({ connect }) => {
  await connect.open(stack.url)
  await signIn(await connect.begin('acme'), { site: 'globex' })
  await expect(connect.heading(/globex/i)).toBeVisible()
  await expect(connect.dialog.getByText('acme.atlassian.net')).toBeVisible()
  await connect.dialog.getByRole('button', { name: /^Connect globex/ }).click()
  const titles = await stack.titles('globex')
  await expect(connect.heading(`${titles.length} pages are in Acme Notes`)).toBeVisible()
})

test('a person with several sites chooses one', async ({ connect }) => {
  await connect.open(stack.url)
  await signIn(await connect.begin('acme'), { account: 'Sam Rivera' })
  await expect(connect.heading('Which site should be connected?')).toBeVisible()
  await connect.dialog.getByRole('radio', { name: /initech/ }).check()
  await connect.dialog.getByRole('button', { name: 'Connect initech' }).click()
  await expect(connect.dialog.getByText('initech.atlassian.net').first()).toBeVisible()
  await expect(connect.dialog.getByText('Sam Rivera')).toBeVisible()
})

test('a browser that holds the window back gets a link, and the link works', async ({ page, connect }) => {
  await page.addInitScript(() => {
    window.open = () => null
  })
  await connect.open(stack.url)
  await connect.dialog.getByLabel('Your Confluence site').fill('acme')
  await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
  await expect(connect.heading('Your browser held back the sign-in window')).toBeVisible()
  const opening = page.waitForEvent('popup')
  await connect.dialog.getByRole('link', { name: 'Open sign-in window' }).click()
  await signIn(await opening)
  await expect(connect.dialog.getByText('Jane Doe')).toBeVisible()
})

test('a provider that cuts the window off with COOP same-origin changes nothing', async ({ connect }) => {
  await stack.admin('POST', '/coop', { value: 'same-origin' })
  await connect.open(stack.url)
  const popup = await connect.begin()
  await popup.getByRole('button', { name: 'Log in' }).waitFor()
  // The app's window reads as closed now. Longer than any look at that, it must go on waiting.
  await connect.page.waitForTimeout(3000)
  await expect(connect.heading('Finish signing in with Atlassian')).toBeVisible()
  await signIn(popup)
  await expect(connect.dialog.getByText('Jane Doe')).toBeVisible()
  await expect.poll(() => popup.isClosed()).toBe(true)
})

test('a reload in the middle of the sign-in picks it up again, by itself', async ({ page, connect }) => {
  await connect.open(stack.url)
  const popup = await connect.begin()
  await popup.getByRole('button', { name: 'Log in' }).click()
  await popup.getByRole('button', { name: 'Accept' }).waitFor()
  await page.reload()
  await expect(connect.heading('Finish signing in with Atlassian')).toBeVisible()
  await popup.getByRole('button', { name: 'Accept' }).click()
  await expect(connect.dialog.getByText('Jane Doe')).toBeVisible()
})

test('a reload after the dialog was closed goes on in silence', async ({ page, connect }) => {
  await connect.open(stack.url)
  const popup = await connect.begin()
  await popup.getByRole('button', { name: 'Log in' }).click()
  await popup.getByRole('button', { name: 'Accept' }).waitFor()
  await page.keyboard.press('Escape')
  await expect(connect.dialog).toBeHidden()
  await page.reload()
  await expect(page.getByRole('button', { name: /^(Connect|Manage) Confluence$/ })).toBeVisible()
  await popup.getByRole('button', { name: 'Accept' }).click()
  await expect.poll(async () => (await stack.storedTitles(customer)).length, { timeout: 20_000 }).toBeGreaterThan(0)
  await expect(connect.dialog).toBeHidden()
})

test('a window that is closed is not taken for a no: it can be opened again', async ({ page, connect }) => {
  await connect.open(stack.url)
  const popup = await connect.begin()
  await popup.getByRole('button', { name: 'Log in' }).waitFor()
  await popup.close()
  const again = connect.dialog.getByRole('button', { name: 'Open it again' })
  await expect(again).toBeVisible({ timeout: 20_000 })
  await expect(connect.heading('Finish signing in with Atlassian')).toBeVisible()
  const opening = page.waitForEvent('popup')
  await again.click()
  await signIn(await opening)
  await expect(connect.dialog.getByText('Jane Doe')).toBeVisible()
})

test('cancelling returns to the start, and the late sign-in connects nothing', async ({ connect }) => {
  await connect.open(stack.url)
  const popup = await connect.begin()
  await popup.getByRole('button', { name: 'Log in' }).click()
  await popup.getByRole('button', { name: 'Accept' }).waitFor()
  await connect.dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(connect.heading('Connect Confluence to Acme Notes')).toBeVisible()
})

test('a sign-in address that is sent to somebody else connects nothing', async ({ browser, connect }) => {
  await connect.open(stack.url)
  const popup = await connect.begin()
  await popup.getByRole('button', { name: 'Log in' }).waitFor()
  const victim = await (await browser.newContext()).newPage()
  await victim.goto(popup.url())
  await signIn(victim)
  await expect(victim.getByText('browser_mismatch')).toBeVisible()
  await expect(connect.heading('The sign-in ended in another browser')).toBeVisible()
  await victim.context().close()
})

test('the popup page by itself leads nowhere', async ({ page }) => {
  await page.goto(`${stack.serverUrl}/oauth/popup`)
  await expect(page.getByRole('heading', { name: 'Open this from your app' })).toBeVisible()
})

test('an account without Confluence hears so', async ({ connect }) => {
  await connect.open(stack.url)
  await signIn(await connect.begin(), { account: 'Lee Wong' })
  await expect(connect.heading('This account has no Confluence')).toBeVisible()
})

for (const [input, text] of [
  ['', 'Enter the name of your Confluence site'],
  ['https://github.com/acme', 'That is a link to github.com'],
  ['ac me', 'cannot be a site'],
] as const) {
  test(`the site “${input}” is explained`, async ({ connect }) => {
    await connect.open(stack.url)
    await connect.dialog.getByLabel('Your Confluence site').fill(input)
    await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
    await expect(connect.dialog.getByText(text)).toBeVisible()
    await expect(connect.dialog.getByLabel('Your Confluence site')).toBeFocused()
  })
}

test('the whole journey works by keyboard alone', async ({ page, connect }) => {
  await page.goto(stack.url)
  const trigger = page.getByRole('button', { name: /^(Connect|Manage) Confluence$/ })
  await trigger.focus()
  await page.keyboard.press('Enter')
  await expect(connect.dialog.getByLabel('Your Confluence site')).toBeFocused()
  await page.keyboard.type('acme')
  const opening = page.waitForEvent('popup')
  await page.keyboard.press('Enter')
  const popup = await opening
  await popup.getByRole('button', { name: 'Log in' }).focus()
  await popup.keyboard.press('Enter')
  await popup.getByRole('button', { name: 'Accept' }).focus()
  await popup.keyboard.press('Enter')
  await expect(connect.heading(/pages are in Acme Notes/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(connect.dialog).toBeHidden()
  await expect(trigger).toBeFocused()
})

test.describe('when the SaaS gives no token', () => {
  for (const [what, answer] of [
    ['an error', { status: 500, body: '{"error":{"message":"down"}}' }],
    ['nothing', { status: 200, body: '{}' }],
    ['an expired token', { status: 200, body: '{"access_token":"eyJhbGciOiJIUzI1NiJ9.e30.x"}' }],
  ] as const) {
    test(`but ${what}, the dialog says so and does not hang`, async ({ page, connect }) => {
      await page.route('**/api/confluence/token', (route) =>
        route.fulfill({ ...answer, contentType: 'application/json' }),
      )
      await connect.open(stack.url)
      await connect.dialog.getByLabel('Your Confluence site').fill('acme')
      await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
      await expect(connect.dialog.getByText(/session_(invalid|expired)/)).toBeVisible()
    })
  }
})

test.describe('when the server', () => {
  const serverAnswers = async (
    page: import('@playwright/test').Page,
    answer: 'abort' | { status: number; contentType: string; body: string },
  ) => page.route(`${stack.serverUrl}/v1/**`, (route) => (answer === 'abort' ? route.abort() : route.fulfill(answer)))

  test('cannot be reached, the dialog says so and offers to try again', async ({ page, connect }) => {
    await connect.open(stack.url)
    await serverAnswers(page, 'abort')
    await connect.dialog.getByLabel('Your Confluence site').fill('acme')
    await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
    await expect(connect.dialog.getByText(/network/)).toBeVisible()
    await page.unroute(`${stack.serverUrl}/v1/**`)
    const opening = page.waitForEvent('popup')
    await connect.dialog.getByRole('button', { name: 'Try again' }).click()
    await signIn(await opening)
    await expect(connect.dialog.getByText('Jane Doe')).toBeVisible()
  })

  test('answers HTML, the dialog says so', async ({ page, connect }) => {
    await connect.open(stack.url)
    await serverAnswers(page, { status: 200, contentType: 'text/html', body: '<!doctype html><h1>It works!</h1>' })
    await connect.dialog.getByLabel('Your Confluence site').fill('acme')
    await connect.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
    await expect(connect.dialog.getByText(/network/)).toBeVisible()
  })
})
