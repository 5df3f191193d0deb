import { expect, Stack, signIn, test } from './stack.ts'

let stack: Stack
test.beforeAll(async () => {
  stack = await Stack.start({ sandbox: { SANDBOX_PAGES: '3000', SANDBOX_LATENCY_MS: '150' } })
})
test.afterAll(() => stack.stop())

test('a server that is killed in mid-sync goes on after its restart, with every page exactly once', async ({
  page,
  connect,
}) => {
  const titles = await stack.titles()
  await connect.open(stack.url)
  await signIn(await connect.begin())
  await expect(connect.dialog.getByText(/pages so far|of about/)).toBeVisible()
  await stack.server.kill('SIGKILL')
  await stack.server.start()
  await expect(connect.heading(`${titles.length.toLocaleString('en')} pages are in Acme Notes`)).toBeVisible({
    timeout: 60_000,
  })
  const stored = await stack.storedTitles('ada')
  expect(stored.sort()).toEqual(titles.sort())
  await connect.dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText(`${titles.length.toLocaleString('en')} pages`)).toBeVisible()
})
