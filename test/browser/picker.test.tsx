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

const theTree = () => page.getByRole('tree').element()
const activeRow = () => document.getElementById(theTree().getAttribute('aria-activedescendant') ?? '')
const activeName = () => activeRow()?.querySelector('.cc-row-name')?.textContent

async function focusTree() {
  await page.getByRole('searchbox').click()
  await press('{Tab}{Tab}')
  await expect.element(page.getByRole('tree')).toHaveFocus()
  return theTree()
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
    await page.getByRole('button', { name: 'Sync everything' }).click()
    await expect.poll(() => backend.syncs).toEqual([{}])
  })

  it('goes on with a long level by keyboard alone, from where one is', async () => {
    await openPicker({ items: memoryItems(600, 0) })
    await expect.element(row(/^Design/).first()).toBeVisible()
    await focusTree()
    // The last row stands for what is to come; what takes its place has the keys then.
    await press('{End}')
    await expect.poll(() => activeRow()?.getAttribute('aria-posinset')).toBe('251')
    await press('{End}')
    await expect.poll(() => activeRow()?.getAttribute('aria-posinset')).toBe('501')
    await press('{End}')
    await expect.poll(() => activeRow()?.getAttribute('aria-posinset')).toBe('600')
    expect(activeRow()).toHaveAttribute('aria-setsize', '600')
    await press('{Home}')
    expect(activeRow()).toHaveAttribute('aria-posinset', '1')
  })

  it('keeps the row that the keys are about, however far one scrolls', async () => {
    await openPicker({ items: memoryItems(250, 0) })
    await expect.element(row(/^Design/).first()).toBeVisible()
    const tree = await focusTree()
    await press('{ArrowDown}{ArrowDown}')
    const name = activeName()
    tree.scrollTop = tree.scrollHeight
    await expect.poll(() => document.querySelector('[aria-posinset="250"]')).not.toBeNull()
    expect(activeName()).toBe(name)
    await press('{ArrowUp}')
    expect(activeRow()).toHaveAttribute('aria-posinset', '2')
    expect(tree.scrollTop).toBeLessThan(88)
  })

  it.each([
    [1280, 800],
    [360, 740],
  ])('shows the row that the keys are about, with nothing over it, at %i by %i', async (width, height) => {
    await page.viewport(width, height)
    await openPicker({ items: memoryItems(100, 0) })
    await expect.element(row(/^Design/).first()).toBeVisible()
    await row(/^Design/)
      .first()
      .click()
    for (const key of ['{End}', '{PageUp}', '{Home}', '{PageDown}']) {
      await press(key)
      await expect
        .poll(() => {
          const { x, y, width: w, height: h } = activeRow()?.getBoundingClientRect() ?? new DOMRect()
          const at = (share: number) => document.elementFromPoint(x + w / 2, y + h * share)?.closest('[role=treeitem]')
          return at(0.1) === activeRow() && at(0.9) === activeRow()
        })
        .toBe(true)
    }
    await page.viewport(1280, 800)
  })

  it('finds by what is typed, in one go and letter by letter', async () => {
    await openPicker({ items: memoryItems(8, 0) })
    await expect.element(row(/^Engineering/)).toBeVisible()
    await focusTree()
    await press('s')
    expect(activeName()).toBe('Sales')
    await press('up')
    expect(activeName()).toBe('Support')
    await press('zz')
    expect(activeName()).toBe('Support')
  })

  it('opens and closes the other way round where text runs from right to left', async () => {
    document.documentElement.dir = 'rtl'
    await openPicker()
    await expect.element(row(/^Engineering/)).toBeVisible()
    await focusTree()
    await press('{ArrowLeft}')
    await expect.element(row(/^Engineering/)).toHaveAttribute('aria-expanded', 'true')
    await press('{ArrowRight}')
    await expect.element(row(/^Engineering/)).toHaveAttribute('aria-expanded', 'false')
    document.documentElement.dir = ''
  })

  it('is at the same place of the tree after a search', async () => {
    await openPicker({ items: memoryItems(200, 1) })
    await expect.element(row(/^Design/).first()).toBeVisible()
    const tree = await focusTree()
    await press('{PageDown}{PageDown}{PageDown}{ArrowRight}')
    await expect.element(row(/^Onboarding 1/)).toBeVisible()
    const before = { top: tree.scrollTop, name: activeName(), rows: tree.firstElementChild?.clientHeight }
    expect(before.top).toBeGreaterThan(0)
    await page.getByRole('searchbox').fill('sales')
    await expect.element(page.getByRole('button', { name: /^Select all 25 matches/ })).toBeVisible()
    expect(theTree().scrollTop).toBe(0)
    await page.getByRole('searchbox').fill('')
    await expect.element(row(/^Onboarding 1/)).toBeVisible()
    const { scrollTop: top, firstElementChild } = theTree()
    expect({ top, name: activeName(), rows: firstElementChild?.clientHeight }).toEqual(before)
  })

  it('says where it found something, and with what it comes', async () => {
    await openPicker()
    await row(/^Support/).click()
    await page.getByRole('searchbox').fill('billing 1')
    await expect.element(row('Billing 1 in Engineering')).toBeVisible()
    await expect.element(row('Billing 1 in Support · Comes with Support')).toHaveAttribute('aria-disabled', 'true')
    await page.getByRole('searchbox').fill('support')
    await expect.element(row('Support Space')).toHaveAttribute('aria-checked', 'true')
  })

  it('tries a level again that could not be loaded, by keyboard', async () => {
    const failures: MemoryBackendOptions['failures'] = {}
    await openPicker({ failures })
    await expect.element(row(/^Engineering/)).toBeVisible()
    await focusTree()
    failures.listItems = 'network'
    await press('{ArrowRight}')
    await expect.element(row('This could not be loaded. Try again')).toBeVisible()
    delete failures.listItems
    await press('{ArrowRight}{Enter}')
    await expect.element(row(/^Onboarding 1/)).toBeVisible()
    expect(activeName()).toBe('API guide 1')
  })

  it('says that the tree cannot be read anew', async () => {
    await openPicker({ failures: { refreshItems: 'provider_unavailable' } })
    await expect.element(row(/^Engineering/)).toBeVisible()
    await page.getByRole('button', { name: 'Read again from Confluence' }).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('That did not work: Atlassian does not answer')
  })

  it('keeps the focus when what had it goes away', async () => {
    const failures: MemoryBackendOptions['failures'] = { listItems: 'unknown' }
    await openPicker({ failures })
    delete failures.listItems
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(row(/^Engineering/)).toBeVisible()
    expect(document.activeElement?.closest('.cc-view')).not.toBeNull()
    await row(/^Engineering/).click()
    await page.getByRole('button', { name: 'Clear selection' }).click()
    await expect.element(page.getByRole('tree')).toHaveFocus()
  })

  it('holds 10,000 rows, few of them in the document, and loses no key', async () => {
    await openPicker({ items: memoryItems(10_000, 0) })
    const tree = page.getByRole('tree').element()
    await expect.poll(() => document.querySelectorAll('[role=treeitem]').length).toBeGreaterThan(5)
    // Down through all parts, each of which is fetched when it comes into sight.
    await expect
      .poll(
        () => {
          tree.scrollTop = tree.scrollHeight
          return tree.firstElementChild?.clientHeight
        },
        { timeout: 30_000 },
      )
      .toBe(10_000 * 44)
    expect(document.querySelectorAll('[role=treeitem]').length).toBeLessThan(60)
    await focusTree()
    for (let screen = 0; screen < 30; screen++) {
      tree.scrollTop = screen * 10_000
      await new Promise(requestAnimationFrame)
      expect(document.querySelectorAll('[role=treeitem]').length).toBeLessThan(60)
    }
    // Each key counts: up and down by the same would also end at the first row if some were lost.
    const position = () => activeRow()?.getAttribute('aria-posinset')
    await press('{Home}')
    await press('{ArrowDown}'.repeat(40))
    await expect.poll(position).toBe('41')
    await press('{ArrowUp}'.repeat(15))
    await expect.poll(position).toBe('26')
    await press(' ')
    await expect.poll(() => activeRow()?.getAttribute('aria-checked')).toBe('true')
    await press('{End}')
    await expect.poll(position).toBe('10000')
  })
})
