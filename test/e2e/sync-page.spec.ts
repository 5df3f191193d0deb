import type { Page } from '@playwright/test'
import { violations } from './axe.ts'
import { expect, Stack, signIn, test } from './stack.ts'

let stack: Stack
test.beforeAll(async () => {
  stack = await Stack.start()
})
test.afterAll(() => stack.stop())
test.afterEach(() => stack.admin('POST', '/latency', { latencyMs: 0 }))

/** Connects acme for a customer without syncing or reading anything, and opens the sync page. */
async function open(page: Page, customer: string): Promise<void> {
  await page.goto(await stack.link(customer, { sync_files_on_connection: false, sync_source_items: false }))
  await signIn(page)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Confluence is connected' })).toBeVisible()
  await page.goto(await stack.link(customer, { connecting_new_account: false }))
  await expect(page.getByRole('heading', { name: 'Choose what to sync to Acme Notes' })).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'Engineering', exact: true })).toBeVisible()
}

/** Presses Tab, forwards or backwards, until the focus is where it is wanted. */
async function tabTo(page: Page, role: 'button' | 'checkbox' | 'searchbox', name: string | RegExp, key = 'Tab') {
  const wanted = page.getByRole(role, { name, exact: true }).first()
  for (let presses = 0; presses < 80; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return wanted
    await page.keyboard.press(key)
  }
  throw new Error(`The Tab key does not reach ${name}.`)
}

/** The pages of a space that can be synced. */
async function titlesIn(space: string): Promise<string[]> {
  const { pages } = await stack.admin<{
    pages: { space: string; title: string; status: string; restricted: boolean }[]
  }>('GET', '/truth?site=acme')
  return pages
    .filter((page) => page.space === space && page.status === 'current' && !page.restricted)
    .map((page) => page.title)
}

test('a person picks two pages and a space with the keyboard alone, and sees them synced', async ({ page }) => {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await open(page, 'keyboard')
  page.on('request', (request) => {
    if (!request.url().startsWith(stack.serverUrl)) problems.push(request.url())
    if (request.headers().referer) problems.push('a referrer was sent')
  })

  const twist = await tabTo(page, 'button', 'Pages below Operations')
  await page.keyboard.press('Enter')
  await expect(twist).toHaveAttribute('aria-expanded', 'true')
  const below = page.getByRole('list', { name: 'Pages below Operations' })
  await expect(below.getByRole('checkbox').first()).toBeVisible()
  await expect(twist).toBeFocused()
  const title = (await below.locator('.name').first().textContent()) ?? ''
  await tabTo(page, 'checkbox', title)
  await page.keyboard.press('Space')
  await expect(page.getByText('1 page selected')).toBeVisible()
  expect(
    await page
      .getByRole('checkbox', { name: 'Operations', exact: true })
      .evaluate((box) => (box as HTMLInputElement).indeterminate),
  ).toBe(true)

  await tabTo(page, 'searchbox', /Search/, 'Shift+Tab')
  const [other = ''] = (await titlesIn('PEOP')).toSorted((a, b) => b.length - a.length)
  await page.keyboard.type(other)
  const results = page.getByRole('list', { name: 'Search results' })
  await expect(results.getByRole('checkbox', { name: other, exact: true })).toBeVisible()
  await expect(page.getByRole('searchbox')).toBeFocused()
  await tabTo(page, 'checkbox', other)
  await page.keyboard.press('Space')
  await tabTo(page, 'searchbox', /Search/, 'Shift+Tab')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  await expect(below.getByRole('checkbox', { name: title, exact: true })).toBeChecked()
  await tabTo(page, 'checkbox', 'Engineering')
  await page.keyboard.press('Space')
  await expect(page.getByText('1 space and 2 pages selected')).toBeVisible()

  const sync = await tabTo(page, 'button', 'Sync 3 selected')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The sync of 1 space and 2 pages has started.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sync selected' })).toBeFocused()
  await expect(sync).toHaveCount(0)
  const engineering = await titlesIn('ENGI')
  await expect(page.getByText(`All ${engineering.length} pages synced`)).toBeVisible()
  await expect(below.getByText('Synced', { exact: true })).toHaveCount(1)
  await expect(page.getByRole('heading', { name: 'Choose what to sync to Acme Notes' })).toBeVisible()
  await expect(page.getByText(`${engineering.length + 2} pages synced, last sync`)).toBeVisible()
  expect((await stack.storedTitles('keyboard')).sort()).toEqual([title, other, ...engineering].sort())
  expect(problems).toEqual([])
})

test('a person syncs everything, and watches it', async ({ page }) => {
  await open(page, 'everything')
  await stack.admin('POST', '/latency', { latencyMs: 1500 })
  await page.getByRole('button', { name: 'Sync everything' }).click()
  await expect(page.getByRole('heading', { name: 'All pages are being synced to Acme Notes' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sync everything' })).toBeFocused()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await stack.admin('POST', '/latency', { latencyMs: 0 })
  const titles = await stack.titles()
  await expect(page.getByText(`${titles.length} pages synced`)).toBeVisible()
  await expect(page.getByRole('progressbar')).toHaveCount(0)
})

test('a space brings its pages along, and a long list goes on where it ended', async ({ page }) => {
  await open(page, 'list')
  await page.getByRole('button', { name: 'Pages below People' }).click()
  const below = page.getByRole('list', { name: 'Pages below People' }).getByRole('checkbox')
  await below.first().check()
  await page.getByRole('checkbox', { name: 'People', exact: true }).check()
  await expect(page.getByText('1 space selected')).toBeVisible()
  await expect(below.first()).toBeChecked()
  await expect(below.first()).toBeDisabled()
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(below.first()).not.toBeChecked()

  await page.getByRole('searchbox').fill('a')
  const rows = page.getByRole('list', { name: 'Search results' }).getByRole('checkbox')
  await expect(rows).toHaveCount(50)
  await page.getByRole('button', { name: /^Show \d+ more of \d+$/ }).press('Enter')
  await expect(rows.nth(50)).toBeFocused()
})

test('what went away meanwhile is said, in place', async ({ page }) => {
  await open(page, 'gone')
  await page.getByRole('checkbox', { name: 'People', exact: true }).check()
  await page.route('**/select', (route) => route.abort())
  await page.getByRole('button', { name: 'Sync 1 selected' }).click()
  await expect(page.getByText('The server cannot be reached. Check your connection, then try again.')).toBeVisible()
  await page.unroute('**/select')
  await page.route('**/select', (route) =>
    route.fulfill({
      status: 404,
      json: { error: { code: 'flow_expired', message: 'Open it again from Acme Notes.' } },
    }),
  )
  await page.getByRole('button', { name: 'Sync 1 selected' }).click()
  await expect(page.getByRole('heading', { name: 'This link has expired' })).toBeFocused()
  await expect(page.getByRole('button')).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the sync page is accessible in every state, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } })
    const page = await context.newPage()
    await open(page, `axe-${colorScheme}`)
    expect(await violations(page)).toEqual([])
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await width()).toBe(360)
    await page.getByRole('button', { name: 'Pages below Operations' }).click()
    await page.getByRole('list', { name: 'Pages below Operations' }).getByRole('checkbox').first().check()
    await page.getByRole('checkbox', { name: 'People', exact: true }).check()
    expect(await violations(page)).toEqual([])
    await stack.admin('POST', '/latency', { latencyMs: 1500 })
    await page.getByRole('button', { name: 'Sync 2 selected' }).click()
    await expect(page.getByText('Syncing', { exact: true }).first()).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.getByRole('searchbox').fill('a')
    await expect(page.getByText(/results/)).toBeVisible()
    expect(await violations(page)).toEqual([])
    expect(await width()).toBe(360)
    await stack.admin('POST', '/latency', { latencyMs: 0 })
    await page.goto(`${stack.serverUrl}/oauth/sync/unknown`)
    await expect(page.getByRole('heading', { name: 'This link has expired' })).toBeVisible()
    expect(await violations(page)).toEqual([])
    await context.close()
  })
