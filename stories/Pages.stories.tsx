import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ConfluenceConnect, type PageStatus } from '../src/index.ts'
import { type MemoryBackendOptions, memoryConnection, memoryPages, memorySite } from '../src/testing.ts'
import { Story, type StoryProps, seeTitle } from './setting.tsx'

const meta: Meta<StoryProps> = {
  title: 'Pages',
  component: ConfluenceConnect,
  args: { orgName: 'Acme Notes' },
  render: (props) => <Story {...props} />,
}
export default meta

type S = StoryObj<StoryProps>

const done = { phase: 'done', pages: { synced: 240, failed: 0, total: 240 } } as const
const acme = { ...memoryConnection(1, memorySite('acme.atlassian.net', 'Acme')), syncStatus: 'READY' as const }

const withPages = (memory: MemoryBackendOptions = {}): StoryProps['memory'] => ({
  connections: [acme],
  progress: [done],
  ...memory,
})

/** Goes from the accounts to the pages of the first. */
async function openPages(canvasElement: HTMLElement) {
  const canvas = within(canvasElement)
  await userEvent.click(await canvas.findByRole('button', { name: /^Pages:/ }, { timeout: 5000 }))
  await seeTitle(canvas, 'Pages in Acme Notes')
  return canvas
}

const statuses: Record<PageStatus, [words: string, error?: string]> = {
  READY: ['Ready'],
  SYNC_ERROR: ['Failed', 'Confluence did not hand this page out: it is restricted to a few people.'],
  SYNC_ABORTED: ['Stopped', 'The sync was cancelled before this page was fetched.'],
  SYNCING: ['Syncing'],
  QUEUED_FOR_SYNC: ['Waiting'],
  RATE_LIMITED: ['Waiting for Atlassian', 'Too many requests. The next try is at 14:05.'],
  DELAYED: ['Delayed'],
  EVALUATING_RESYNC: ['Checking'],
  QUEUED_FOR_OCR: ['Reading images'],
  READY_TO_SYNC: ['Not synced'],
}

const onePageEach = (Object.keys(statuses) as PageStatus[]).map((status, index) => ({
  ...(memoryPages(10)[index] ?? memoryPages(1)[0]),
  status,
  error: statuses[status][1] ?? null,
})) as ReturnType<typeof memoryPages>

/** Some hundred pages, in pages of 50. */
export const Many: S = {
  args: { memory: withPages({ pages: memoryPages(1240) }) },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await expect(await canvas.findByText('1 to 50 of 1,240', { ignore: '[role=status]' })).toBeVisible()
    await expect(canvas.getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'ascending')
  },
}
export const ManyDark: S = { ...Many, args: { ...Many.args, theme: 'dark' } }
export const ManyRightToLeft: S = { ...Many, args: { ...Many.args, dir: 'rtl' } }
export const ManyOnAPhone: S = { ...Many, globals: { viewport: { value: 'phone' } } }

/** All ten statuses, each a word with a shape; why a page failed is read in its row. */
export const EveryStatus: S = {
  args: {
    enabledIntegrations: [{ id: 'CONFLUENCE', useCarbonFilePicker: true }],
    filesTabColumns: ['name', 'status', 'updated_at'],
    memory: withPages({ pages: onePageEach }),
  },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    const rows = await canvas.findAllByRole('row')
    await expect(rows).toHaveLength(11)
    for (const [words, error] of Object.values(statuses)) {
      const cell = canvas.getByRole('cell', { name: words })
      await expect(cell).toBeVisible()
      if (error) await expect(canvas.getByText(error)).toBeVisible()
    }
    const syncing = canvas.getByRole('cell', { name: 'Syncing' }).closest('tr') as HTMLElement
    await expect(within(syncing).getByRole('checkbox')).toHaveAttribute('aria-disabled', 'true')
    await userEvent.click(within(syncing).getByRole('checkbox'))
    await expect(within(syncing).getByRole('checkbox')).not.toBeChecked()
  },
}
export const EveryStatusDark: S = { ...EveryStatus, args: { ...EveryStatus.args, theme: 'dark' } }
export const EveryStatusRightToLeft: S = { ...EveryStatus, args: { ...EveryStatus.args, dir: 'rtl' } }
export const EveryStatusOnAPhone: S = { ...EveryStatus, globals: { viewport: { value: 'phone' } } }

/** Every column that Carbon had. */
export const EveryColumn: S = {
  args: {
    filesTabColumns: ['name', 'status', 'created_at', 'updated_at', 'external_url'],
    memory: withPages({ pages: memoryPages(20) }),
  },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    const [link] = await canvas.findAllByRole('link', { name: 'Open in Confluence' })
    await expect(link).toHaveAttribute('href', expect.stringMatching(/^https:/))
    await expect(link).toHaveAttribute('rel', 'noreferrer')
    await expect(canvas.getAllByRole('columnheader')).toHaveLength(5)
    const body = canvasElement.querySelector('.cc-body') ?? canvasElement
    await expect(body.scrollWidth).toBeLessThanOrEqual(body.clientWidth)
  },
}

/** Headings that do not fit into one line begin in the next where the first begins. */
export const EveryColumnOnAPhone: S = {
  ...EveryColumn,
  globals: { viewport: { value: 'phone' } },
  play: async (context) => {
    await EveryColumn.play?.(context)
    const headings = within(context.canvasElement).getAllByRole('columnheader')
    const starts = headings.map((heading) => heading.getBoundingClientRect().left)
    await expect(Math.min(...starts)).toBe(starts[0])
  },
}

const long = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(6).slice(0, 200)

/** Titles of 200 characters without a space, an address that is none, and no title at all. */
export const LongTitles: S = {
  args: {
    memory: withPages({
      pages: onePageEach.map((page, index) => ({
        ...page,
        title: index === 9 ? null : `${index} ${long}`,
        error: page.error && long,
        url: index === 0 ? 'javascript:alert(1)' : page.url,
      })),
    }),
  },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await expect(await canvas.findByText('Untitled')).toBeVisible()
    await expect(canvas.queryByRole('link', { name: `0 ${long}` })).toBeNull()
    await expect(canvas.getByRole('link', { name: `1 ${long}` })).toBeVisible()
    const body = canvasElement.querySelector('.cc-body') ?? canvasElement
    await expect(body.scrollWidth).toBeLessThanOrEqual(body.clientWidth)
  },
}
export const LongTitlesOnAPhone: S = { ...LongTitles, globals: { viewport: { value: 'phone' } } }

/** Some rows are selected, then all that there are. */
export const Selected: S = {
  ...Many,
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await userEvent.click(await canvas.findByRole('checkbox', { name: 'Select the pages shown' }))
    await expect(canvas.getByRole('button', { name: 'Sync 50 pages again' })).toBeVisible()
    await userEvent.click(await canvas.findByRole('button', { name: 'Select all 1,240 pages' }))
    await expect(canvas.getByRole('button', { name: 'Sync 1,240 pages again' })).toBeVisible()
    await userEvent.click(canvas.getByRole('checkbox', { name: 'Select API guide 1' }))
    await expect(canvas.getByRole('button', { name: 'Delete 1,239 pages' })).toBeVisible()
    await expect(canvas.getByRole('checkbox', { name: 'Select the pages shown' })).toBePartiallyChecked()
  },
}
export const SelectedOnAPhone: S = { ...Selected, globals: { viewport: { value: 'phone' } } }

/** Deleting asks first, in the row, with the focus on the harmless answer. */
export const AsksBeforeDeletingOne: S = {
  ...Many,
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: 'Delete API guide 10' }))
    await expect(canvas.getByRole('button', { name: 'Keep' })).toHaveFocus()
    await expect(canvas.getByRole('alert')).toHaveTextContent('Delete 1 page from Acme Notes? It stays in Confluence.')
  },
}
export const AsksBeforeDeletingOneOnAPhone: S = {
  ...AsksBeforeDeletingOne,
  globals: { viewport: { value: 'phone' } },
}

/** Deleting many says how many, and that they stay in Confluence. */
export const AsksBeforeDeletingMany: S = {
  ...Many,
  play: async (context) => {
    await Selected.play?.(context)
    const canvas = within(context.canvasElement)
    await userEvent.click(canvas.getByRole('button', { name: 'Delete 1,239 pages' }))
    await expect(canvas.getByRole('button', { name: 'Keep' })).toHaveFocus()
    await expect(canvas.getByRole('alert')).toHaveTextContent(
      'Delete 1,239 pages from Acme Notes? They stay in Confluence.',
    )
  },
}

/** Pages are fetched again: said, and seen in their rows. */
export const SyncedAgain: S = {
  args: { memory: withPages({ pages: memoryPages(12), stepMs: 60_000 }) },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await userEvent.click(await canvas.findByRole('checkbox', { name: 'Select the pages shown' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Sync 12 pages again' }))
    await expect(await canvas.findByText('12 pages are syncing again.')).toBeVisible()
    await waitFor(() => expect(canvas.getAllByRole('cell', { name: 'Waiting' })).toHaveLength(12))
  },
}

/** An action that failed says so where it was asked for, and may be repeated. */
export const ActionFails: S = {
  args: { memory: withPages({ failures: { resyncPages: 'rate_limited', deletePages: 'network' } }) },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: 'Sync API guide 1 again' }))
    await expect(await canvas.findByRole('alert')).toHaveTextContent('That did not work: Atlassian is busy')
    await userEvent.click(canvas.getByRole('checkbox', { name: 'Select API guide 2' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Delete 1 page' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Delete 1 page' }))
    await waitFor(() => expect(canvas.getAllByRole('alert')).toHaveLength(3))
    await expect(canvas.getByRole('checkbox', { name: 'Select API guide 2' })).toBeChecked()
  },
}

/** Nothing has that title. */
export const NothingFound: S = {
  ...Many,
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await userEvent.type(canvas.getByRole('searchbox', { name: 'Search titles' }), 'zebra')
    await expect(await canvas.findByText(/^No page is called/, { ignore: '[role=status]' })).toHaveTextContent('zebra')
    await userEvent.click(canvas.getByRole('button', { name: 'Clear the search' }))
    await expect(await canvas.findByText('1 to 50 of 1,240', { ignore: '[role=status]' })).toBeVisible()
  },
}

/** There are none, and none are coming. */
export const Empty: S = {
  args: {
    enabledIntegrations: [{ id: 'CONFLUENCE', useCarbonFilePicker: true }],
    memory: withPages({ pages: [] }),
  },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await expect(await canvas.findByText('No pages yet.', { ignore: '[role=status]' })).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Choose pages' })).toBeVisible()
  },
}

/** There are none yet, and the sync is bringing them. */
export const Arriving: S = {
  args: { memory: withPages({ pages: [], progress: [{ phase: 'pages' }] }) },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await expect(await canvas.findByText(/are on their way/, { ignore: '[role=status]' })).toBeVisible()
  },
}

/** Until they arrive: their shape. */
export const Loading: S = {
  args: { memory: withPages({ listMs: 60_000 }) },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await expect(canvas.queryByRole('table')).toBeNull()
    await expect(canvasElement.querySelectorAll('.cc-skeleton').length).toBeGreaterThan(3)
  },
}

/** They could not be loaded. */
export const Failed: S = {
  args: { memory: withPages({ failures: { listPages: 'session_expired' } }) },
  play: async ({ canvasElement }) => {
    const canvas = await openPages(canvasElement)
    await expect(await canvas.findByRole('alert')).toHaveTextContent('This could not be loaded.')
    await expect(canvas.getByRole('button', { name: 'Try again' })).toBeVisible()
  },
}
