import { violations } from './axe.ts'
import { expect, Stack, signIn, test } from './stack.ts'

let stack: Stack
test.beforeAll(async () => {
  stack = await Stack.start({ sandbox: { SANDBOX_PAGES: '20' } })
})
test.afterAll(() => stack.stop())

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page on the way is accessible, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await page.goto(stack.url)
    await expect(page.getByRole('button', { name: /^(Connect|Manage) Confluence$/ })).toBeVisible()
    expect(await violations(page)).toEqual([])

    await page.getByRole('button', { name: /^(Connect|Manage) Confluence$/ }).click()
    const site = page.getByLabel('Your Confluence site')
    const another = page.getByRole('button', { name: 'Connect another site' })
    // From the second time on there is an account to begin with.
    await expect(site.or(another)).toBeVisible()
    expect(await violations(page)).toEqual([])
    if (await another.isVisible()) await another.click()
    await site.fill('acme')
    expect(await violations(page)).toEqual([])
    const opening = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Continue to Atlassian' }).click()
    const popup = await opening
    await popup.getByRole('button', { name: 'Log in' }).waitFor()
    expect(await violations(popup)).toEqual([])
    await popup.getByRole('button', { name: 'Log in' }).click()
    await popup.getByRole('button', { name: 'Accept' }).waitFor()
    expect(await violations(popup)).toEqual([])
    await popup.getByRole('button', { name: 'Accept' }).click()

    await expect(page.getByRole('heading', { name: /pages are in Acme Notes/ })).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Done' }).click()
    await expect(page.getByRole('searchbox')).toBeVisible()
    expect(await violations(page)).toEqual([])
    await context.close()
  })

  test(`the pages on which a link ends are accessible, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme })
    const page = await context.newPage()
    await page.goto(await stack.link('customer-of-a-link'))
    await signIn(page, { site: 'globex' })
    await expect(page.getByRole('heading', { name: /Acme Notes/ })).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await expect(page.getByRole('radio', { name: /globex/ })).toBeChecked()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Confluence is connected' })).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.goto(`${stack.serverUrl}/integrations/confluence?state=forged&code=x`)
    await expect(page.getByText('state_invalid')).toBeVisible()
    expect(await violations(page)).toEqual([])
    await context.close()
  })
}
