import { startPostgres } from '../../server/test/postgres.ts'
import { expect, Stack, signIn, test } from './stack.ts'

const databases = {
  embedded: async () => ({ databaseUrl: undefined, stop: async () => {} }),
  PostgreSQL: async () => {
    const { url, stop } = await startPostgres()
    return { databaseUrl: url, stop }
  },
}

for (const [kind, open] of Object.entries(databases)) {
  test.describe(`on the ${kind} database`, () => {
    let stack: Stack
    let stopDatabase: () => Promise<void>

    test.beforeAll(async () => {
      const { databaseUrl, stop } = await open()
      stopDatabase = stop
      stack = await Stack.start({ ...(databaseUrl && { databaseUrl }) })
    })
    test.afterAll(async () => {
      await stack.stop()
      await stopDatabase()
    })

    test('a newcomer connects acme, watches its pages arrive and reads one', async ({ page, connect }) => {
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(error.message))
      const titles = await stack.titles()

      await connect.open(stack.url)
      const popup = await connect.begin('acme')
      await expect(connect.heading('Finish signing in with Atlassian')).toBeVisible()
      const closed = popup.waitForEvent('close')
      await signIn(popup)
      await closed

      await expect(connect.dialog.getByText('Jane Doe')).toBeVisible()
      await expect(connect.dialog.getByText('acme.atlassian.net').first()).toBeVisible()
      await expect(connect.heading(`${titles.length} pages are in Acme Notes`)).toBeVisible({ timeout: 30_000 })
      await connect.dialog.getByRole('button', { name: 'Done' }).click()
      await expect(connect.dialog).toBeHidden()

      await expect(page.getByText(`${titles.length} pages`)).toBeVisible()
      await page.getByRole('searchbox').fill('DB Access History')
      await page
        .getByRole('button', { name: /^DB Access History/ })
        .first()
        .click()
      await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Overview' })).toBeVisible()
      await expect(
        page.frameLocator('iframe').getByText('조직에서 관리하는 DB 커넥션 연결 및 연결해제 이력을 기록합니다.'),
      ).toBeVisible()
      await page.getByRole('tab', { name: 'Text' }).click()
      await expect(page.getByRole('tabpanel')).toContainText('Administrator > Audit > Databases > DB Access History')
      expect(problems).toEqual([])
    })

    test('another visitor of the same product sees nothing of it', async ({ page }) => {
      await page.goto(stack.url)
      await page.getByRole('button', { name: /Grace/ }).click()
      await expect(page.getByRole('button', { name: 'Connect Confluence' })).toBeVisible()
      await expect(page.getByRole('searchbox')).toHaveCount(0)
    })
  })
}
