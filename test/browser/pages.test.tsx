import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { ConfluenceConnectProps } from '../../src/index.ts'
import { type MemoryBackendOptions, memoryConnection, memoryPages, memorySite } from '../../src/testing.ts'
import { focused, renderConnect } from './setting.tsx'

beforeEach(() => page.viewport(1280, 800))
afterEach(() => sessionStorage.clear())

const press = (keys: string) => userEvent.keyboard(keys)
const button = (name: string | RegExp) => page.getByRole('button', { name })
const box = (title: string) => page.getByRole('checkbox', { name: `Select ${title}`, exact: true })
const heading = page.getByRole('heading', { name: 'Pages in Acme Notes' })

/** The pages of one connected account. By title: API guide 1 and 2, Billing 1 and 2, FAQ 1, … */
async function openPages(memory: MemoryBackendOptions = {}, props: Partial<ConfluenceConnectProps> = {}) {
  const connection = { ...memoryConnection(1, memorySite('acme.atlassian.net')), syncStatus: 'READY' as const }
  const rendered = await renderConnect(
    { connections: [connection], progress: [{ phase: 'done' }], ...memory },
    { open: true, ...props },
  )
  await button(/^Pages:/).click()
  await expect.element(heading).toHaveFocus()
  await expect.element(page.getByRole('table', { name: 'Synced pages' })).toBeVisible()
  return rendered
}

const titles = () =>
  [...document.querySelectorAll('tbody tr')].map((row) => row.querySelector('[role=rowheader] bdi')?.textContent)

describe('the synced pages', () => {
  it('are reached, sorted and turned by keyboard alone', async () => {
    await openPages({ pages: memoryPages(120) })
    await press('{Tab}')
    expect(focused()).toBe('Search titles')
    await press('{Tab}{Tab}')
    expect(focused()).toBe('Select the pages shown')
    await press('{Tab}')
    expect(focused()).toBe('Title')
    await press('{Enter}')
    const title = page.getByRole('columnheader', { name: 'Title' })
    await expect.element(title).toHaveAttribute('aria-sort', 'descending')
    await expect.poll(() => titles()[0]).toBe('Team charter 9')
    expect(focused()).toBe('Title')
    await press('{Tab}{Tab}{Enter}')
    await expect.element(page.getByRole('columnheader', { name: 'Created' })).toHaveAttribute('aria-sort', 'descending')
    await expect.element(title).not.toHaveAttribute('aria-sort')
    const next = button('Next')
    ;(next.element() as HTMLElement).focus()
    await press('{Enter}')
    await expect.element(page.getByText('51 to 100 of 120').first()).toBeVisible()
    await press('{Enter}')
    await expect.element(page.getByText('101 to 120 of 120').first()).toBeVisible()
    // There is no more, and the focus is still where it was.
    await expect.element(next).toHaveAttribute('aria-disabled', 'true')
    await expect.element(next).toHaveFocus()
    await press('{Enter}')
    await expect.element(page.getByText('101 to 120 of 120').first()).toBeVisible()
  })

  it('tells how many were found, and keeps the focus in the search', async () => {
    await openPages()
    const field = page.getByRole('searchbox')
    await field.fill('billing')
    await expect.poll(() => titles().every((title) => title?.startsWith('Billing'))).toBe(true)
    await expect.element(page.getByRole('status').filter({ hasText: '30 pages' })).toBeInTheDocument()
    await expect.element(field).toHaveFocus()
    await field.fill('nothing of that kind')
    await expect.element(page.getByRole('status').filter({ hasText: 'No page is called' })).toBeInTheDocument()
    await button('Clear the search').click()
    await expect.poll(() => titles().length).toBe(50)
    await page.getByRole('combobox', { name: 'Status' }).selectOptions('Failed')
    await expect.element(page.getByText('21 pages').first()).toBeInTheDocument()
    await expect.element(page.getByText('Confluence did not hand this page out.').first()).toBeVisible()
  })

  it('ask before one is deleted, and take the focus to the row that comes in its place', async () => {
    const { backend } = await openPages({ pages: memoryPages(5) })
    expect(titles()).toEqual(['Billing 1', 'Incident review 1', 'Onboarding 1', 'Release notes 1', 'Roadmap 1'])
    await button('Delete Incident review 1').click()
    expect(focused()).toBe('Keep')
    await press('{Enter}')
    expect(focused()).toBe('Delete Incident review 1')
    expect(backend.calls).not.toContain('deletePages')
    await press('{Enter}{Shift>}{Tab}{/Shift}{Enter}')
    await expect.element(page.getByText('1 page was deleted from Acme Notes.')).toBeVisible()
    await expect.poll(titles).toEqual(['Billing 1', 'Onboarding 1', 'Release notes 1', 'Roadmap 1'])
    await expect.element(box('Onboarding 1')).toHaveFocus()
    // The last one: the row before it. All of them: the title.
    await button('Delete Roadmap 1').click()
    await press('{Shift>}{Tab}{/Shift}{Enter}')
    await expect.element(box('Release notes 1')).toHaveFocus()
    await page.getByRole('checkbox', { name: 'Select the pages shown' }).click()
    await button('Delete 3 pages').click()
    await expect.element(page.getByText(/from Acme Notes\? They stay in Confluence/)).toBeVisible()
    expect(focused()).toBe('Keep')
    await press('{Shift>}{Tab}{/Shift}{Enter}')
    await expect.element(page.getByText('No pages yet.').first()).toBeInTheDocument()
    await expect.element(heading).toHaveFocus()
  })

  it('leave the focus with a person who has gone elsewhere while a page is being deleted', async () => {
    await openPages({ pages: memoryPages(5), listMs: 200 })
    for (const [title, elsewhere] of [
      ['Billing 1', page.getByRole('searchbox')],
      ['Incident review 1', button('Close')],
    ] as const) {
      await button(`Delete ${title}`).click()
      await press('{Shift>}{Tab}{/Shift}{Enter}')
      ;(elsewhere.element() as HTMLElement).focus()
      await expect.poll(() => titles()).not.toContain(title)
      await expect.element(elsewhere).toHaveFocus()
    }
  })

  it('stay in sight, with their buttons, while others are on their way', async () => {
    await openPages({ pages: memoryPages(60), listMs: 300 })
    await button('Title').click()
    await expect.element(page.getByRole('table')).toHaveAttribute('aria-busy', 'true')
    expect(titles()[0]).toBe('API guide 1')
    expect(button('Next').query()).not.toBeNull()
    await expect.poll(() => titles()[0]).toBe('Team charter 7')
  })

  it('are selected from page to page and synced again, all of them at once', async () => {
    await openPages({ pages: memoryPages(120), stepMs: 60_000 })
    const header = page.getByRole('checkbox', { name: 'Select the pages shown' })
    await box('API guide 1').click()
    await expect.element(header).toBePartiallyChecked()
    await button('Next').click()
    await expect.element(page.getByText('51 to 100 of 120').first()).toBeVisible()
    await expect.element(header).not.toBeChecked()
    await header.click()
    await expect.element(button('Sync 51 pages again')).toBeVisible()
    await button('Select all 120 pages').click()
    await button('Previous').click()
    await expect.element(box('API guide 1')).toBeChecked()
    await button('Sync 120 pages again').click()
    await expect.element(page.getByText('120 pages are syncing again.')).toBeVisible()
    await expect
      .poll(() => document.querySelectorAll('tbody [data-state=QUEUED_FOR_SYNC] input:checked').length)
      .toBe(0)
    await expect.element(header).toHaveFocus()
  })

  it('cannot be selected while they are on their way, and can be deleted', async () => {
    const pages = memoryPages(2).map((each) => ({ ...each, status: 'RATE_LIMITED' as const }))
    await openPages({ pages })
    ;(box('Billing 1').element() as HTMLElement).focus()
    await press(' ')
    await expect.element(box('Billing 1')).not.toBeChecked()
    await page.getByRole('checkbox', { name: 'Select the pages shown' }).click()
    await expect.element(page.getByRole('checkbox', { name: 'Select the pages shown' })).not.toBeChecked()
    await expect.element(button('Sync Billing 1 again')).toHaveAttribute('aria-disabled', 'true')
    await button('Delete Billing 1').click()
    await button('Delete Billing 1').click()
    await expect.poll(titles).toEqual(['Onboarding 1'])
  })

  it('say in the row that an action failed, and why, and let it be repeated', async () => {
    const failures: MemoryBackendOptions['failures'] = { resyncPages: 'rate_limited' }
    await openPages({ pages: memoryPages(3), failures, stepMs: 60_000 })
    await button('Sync Billing 1 again').click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('That did not work: Atlassian is busy')
    expect(focused()).toBe('Sync Billing 1 again')
    delete failures.resyncPages
    await press('{Enter}')
    await expect.element(page.getByText('1 page is syncing again.')).toBeVisible()
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument()
    expect(focused()).toBe('Sync Billing 1 again')
  })

  it('can be loaded again where that failed', async () => {
    const failures: MemoryBackendOptions['failures'] = { listPages: 'session_expired' }
    const connection = memoryConnection(1, memorySite('acme.atlassian.net'))
    await renderConnect({ connections: [connection], progress: [{ phase: 'done' }], failures }, { open: true })
    await button(/^Pages:/).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('This could not be loaded.')
    delete failures.listPages
    await button('Try again').click()
    await expect.poll(() => titles().length).toBe(50)
    await expect.poll(() => document.querySelector('dialog')?.contains(document.activeElement)).toBe(true)
    expect(document.activeElement).not.toBe(document.querySelector('dialog'))
  })

  it('open in Confluence in a window that knows nothing of this one, if their address is one', async () => {
    const [one, two] = memoryPages(2)
    if (!one || !two) throw new Error('There are no pages.')
    await openPages({ pages: [one, { ...two, url: 'javascript:alert(1)' }] })
    const link = page.getByRole('link', { name: 'Onboarding 1' })
    await expect.element(link).toHaveAttribute('target', '_blank')
    await expect.element(link).toHaveAttribute('rel', 'noreferrer')
    await expect.element(link).toHaveAccessibleDescription('Open in Confluence')
    expect(page.getByRole('link', { name: 'Billing 1' }).query()).toBeNull()
  })

  it('survive what a host’s own backend may send', async () => {
    const [plain] = memoryPages(1)
    if (!plain) throw new Error('There are no pages.')
    const odd = { ...plain, title: null, url: null, createdAt: 'some day', status: 'BRAND_NEW' }
    await openPages({ pages: [odd as typeof plain] }, { filesTabColumns: ['name', 'file_size', 'status'] as never[] })
    await expect.element(page.getByText('Untitled')).toBeVisible()
    await expect.element(page.getByText('BRAND_NEW')).toBeVisible()
    expect(document.querySelectorAll('th')).toHaveLength(2)
  })

  it.each([320, 360, 480, 1280])(
    'are a table whose rows are wholly in sight and in reach, %i px wide',
    async (width) => {
      await page.viewport(width, 740)
      const long = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(6)
      const pages = memoryPages(12).map((each, index) => (index === 1 ? { ...each, title: long, error: long } : each))
      await openPages({ pages }, { filesTabColumns: ['name', 'status', 'created_at', 'updated_at', 'external_url'] })
      const body = document.querySelector('.cc-body') as HTMLElement
      expect(body.scrollWidth).toBeLessThanOrEqual(body.clientWidth)
      expect(page.getByRole('row').elements()).toHaveLength(13)
      expect(page.getByRole('columnheader').elements()).toHaveLength(5)
      expect(page.getByRole('rowheader').elements()).toHaveLength(12)
      for (const each of document.querySelectorAll('tbody .cc-button, tbody .cc-check')) {
        const { width, height, left, right } = each.getBoundingClientRect()
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
        expect(left).toBeGreaterThanOrEqual(0)
        expect(right).toBeLessThanOrEqual(window.innerWidth)
      }
    },
  )

  it('never have the focus below what stays in sight', async () => {
    await openPages({ pages: memoryPages(40) })
    await box('API guide 1').click()
    const [table, footer] = [document.querySelector('tbody'), document.querySelector('.cc-footer')] as HTMLElement[]
    for (let tab = 0; tab < 60; tab++) {
      await press('{Tab}')
      if (!table?.contains(document.activeElement)) continue
      const { bottom } = document.activeElement?.getBoundingClientRect() ?? { bottom: 0 }
      expect(bottom).toBeLessThanOrEqual(footer?.getBoundingClientRect().top ?? 0)
    }
    for (let tab = 0; tab < 30; tab++) {
      await press('{Shift>}{Tab}{/Shift}')
      if (!table?.contains(document.activeElement)) continue
      const close = button('Close').element().getBoundingClientRect()
      expect(document.activeElement?.getBoundingClientRect().top).toBeGreaterThanOrEqual(close.bottom)
    }
  })
})
