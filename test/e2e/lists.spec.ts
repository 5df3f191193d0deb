import { violations } from './axe.ts'
import { expect, Stack, signIn, test } from './stack.ts'

let stack: Stack
test.beforeAll(async () => {
  stack = await Stack.start()
})
test.afterAll(() => stack.stop())

test('a person looks at the pages, deletes one, picks a space and disconnects', async ({ page, connect }) => {
  const total = (await stack.titles()).length
  const pages = new Intl.NumberFormat('en').format(total)
  const { dialog } = connect
  const button = (name: string | RegExp) => dialog.getByRole('button', { name })

  await connect.open(stack.url)
  await signIn(await connect.begin('acme'))
  await expect(connect.heading(`${pages} pages are in Acme Notes`)).toBeVisible({ timeout: 30_000 })
  await button('Done').click()

  await connect.open()
  await expect(connect.heading('Confluence in Acme Notes')).toBeFocused()
  await expect(dialog.getByText(`${pages} pages · synced this minute`)).toBeVisible()
  await button(/^Pages/).click()

  const rows = dialog.getByRole('row')
  await expect(rows).toHaveCount(51)
  await expect(dialog.getByText(`1 to 50 of ${pages}`).last()).toBeVisible()
  await button('Next').click()
  await expect(dialog.getByText(`51 to 100 of ${pages}`).last()).toBeVisible()
  await dialog.getByRole('searchbox').fill('DB Access History')
  await expect(dialog.getByRole('rowheader', { name: 'DB Access History' }).first()).toBeVisible()
  expect(await violations(page)).toEqual([])
  await button(/^Delete DB Access History/)
    .first()
    .click()
  await expect(button(/^Keep/)).toBeFocused()
  await button(/^Delete DB Access History/)
    .first()
    .click()
  await expect(dialog.getByText('No page is called “DB Access History”.').last()).toBeVisible()

  await button('Back').click()
  await button(/^Choose pages/).click()
  await expect(connect.heading('Choose what Acme Notes can read')).toBeFocused()
  const tree = dialog.getByRole('tree')
  await expect(tree.getByRole('treeitem').first()).toBeVisible()
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('searchbox').fill('DB Access History')
  await expect(tree.getByRole('treeitem', { name: /^DB Access History/ }).first()).toBeVisible()
  await tree
    .getByRole('treeitem', { name: /^DB Access History/ })
    .first()
    .click()
  await button('Sync 1 page').click()
  await expect(connect.heading(/Confluence is connected|pages? (is|are) in Acme Notes/)).toBeVisible()
  await button('Back').click()

  await button(/^Disconnect: acme/).click()
  await expect(button('Keep')).toBeFocused()
  await button('Disconnect').click()
  await expect(dialog.getByLabel('Your Confluence site')).toBeFocused()
})
