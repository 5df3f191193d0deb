import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { MemoryBackendOptions } from '../../src/testing.ts'
import { memoryConnection, memoryItems, memorySite } from '../../src/testing.ts'
import { renderConnect } from './setting.tsx'

afterEach(() => sessionStorage.clear())

const press = (keys: string) => userEvent.keyboard(keys)
const row = (name: string | RegExp) => page.getByRole('treeitem', { name })

/** The picker of one connected account. */
async function openPicker(memory: MemoryBackendOptions = {}) {
  const rendered = await renderConnect(
    { connections: [memoryConnection(1, memorySite('acme.atlassian.net'))], ...memory },
    { open: true, enabledIntegrations: [{ id: 'CONFLUENCE', useCarbonFilePicker: true }] },
  )
  await page.getByRole('button', { name: /^Choose pages/ }).click()
  await expect.element(page.getByRole('heading', { name: 'Choose what Acme Notes can read' })).toHaveFocus()
  return rendered
}

const activeName = () => {
  const id = page.getByRole('tree').element().getAttribute('aria-activedescendant')
  return id && document.getElementById(id)?.querySelector('.cc-row-name')?.textContent
}

describe('the page picker', () => {
  it('is opened and picked from by keyboard alone', async () => {
    const { backend } = await openPicker()
    await expect.element(row(/^Design|^Engineering/)).toBeVisible()
    await press('{Tab}{Tab}{Tab}')
    expect(document.activeElement?.getAttribute('role')).toBe('tree')
    expect(activeName()).toBe('Engineering')
    await press('{ArrowRight}')
    await expect.element(row(/^Engineering/)).toHaveAttribute('aria-expanded', 'true')
    await expect.element(row(/^Onboarding 1/)).toHaveAttribute('aria-level', '2')
    await press('{ArrowRight} ')
    await expect.element(page.getByText('1 page', { exact: true })).toBeVisible()
    await expect.element(row(/^Engineering/)).toHaveAttribute('aria-checked', 'mixed')
    await press('{ArrowLeft}')
    expect(activeName()).toBe('Engineering')
    await press('{Enter}')
    await expect.element(row(/^Engineering/)).toHaveAttribute('aria-checked', 'true')
    await press('{End} ')
    expect(activeName()).toBe('Support')
    await page.getByRole('button', { name: 'Sync 2 spaces' }).click()
    await expect.poll(() => backend.syncs).toEqual([{ spaces: ['s1', 's2'] }])
    await expect.element(page.getByRole('heading', { name: /240 pages are in|Confluence is connected/ })).toBeVisible()
  })

  it('finds on the server, keeps what was picked, and gives the tree back as it was', async () => {
    const { backend } = await openPicker()
    await row(/^Engineering/).click()
    await page.getByRole('searchbox').fill('billing')
    await expect.element(row(/^Billing 1/).first()).toBeVisible()
    await expect.element(page.getByText(/8 matches · 1 space/)).toBeVisible()
    await page.getByRole('button', { name: 'Select all 8 matches' }).click()
    await page.getByRole('searchbox').fill('')
    await expect.element(row(/^Engineering/)).toHaveAttribute('aria-checked', 'true')
    await page.getByRole('button', { name: /^Sync 1 space and/ }).click()
    await expect.poll(() => backend.syncs[0]?.spaces).toEqual(['s1'])
  })

  it('says that nothing was found, and that it could not be loaded', async () => {
    await openPicker()
    await page.getByRole('searchbox').fill('zzzz')
    await expect.element(page.getByText(/Nothing is called/)).toBeVisible()
    await page.getByRole('button', { name: 'Close' }).click()
  })

  it('offers another try where the tree could not be loaded', async () => {
    await openPicker({ failures: { listItems: 'network' } })
    await expect.element(page.getByRole('alert')).toHaveTextContent('This could not be loaded.')
    await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  })

  it('keeps the selection when the sync cannot be started', async () => {
    await openPicker({ failures: { startSync: 'rate_limited' } })
    await row(/^Support/).click()
    await page.getByRole('button', { name: 'Sync 1 space' }).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('That did not work: Atlassian is busy')
    await expect.element(row(/^Support/)).toHaveAttribute('aria-checked', 'true')
  })

  it('syncs everything where all is selected', async () => {
    const { backend } = await openPicker()
    await expect.element(row(/^Support/)).toBeVisible()
    await page.getByRole('button', { name: 'Select all' }).click()
    await page.getByRole('button', { name: 'Sync Everything' }).click()
    await expect.poll(() => backend.syncs).toEqual([{}])
  })

  it('holds 10,000 rows, few of them in the document, and loses no key', async () => {
    await openPicker({ items: memoryItems(10_000, 0) })
    const tree = page.getByRole('tree').element()
    await expect.poll(() => document.querySelectorAll('[role=treeitem]').length).toBeGreaterThan(5)
    // Down through all parts, each of which is fetched when it comes into sight.
    for (let part = 0; part < 60 && Number(tree.firstElementChild?.clientHeight) < 10_000 * 44; part++) {
      tree.scrollTop = tree.scrollHeight
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(tree.firstElementChild?.clientHeight).toBe(10_000 * 44)
    expect(document.querySelectorAll('[role=treeitem]').length).toBeLessThan(60)
    tree.scrollTop = 0
    await (tree as HTMLElement).focus()
    await press('{Home}')
    // Far rows come into the document only when the browser has told of the scrolling.
    await expect.poll(activeName).toBe('Design')
    await press('{ArrowDown}'.repeat(40))
    await press('{ArrowUp}'.repeat(40))
    await expect.poll(activeName).toBe('Design')
  })
})
