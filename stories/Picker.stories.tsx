import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, within } from 'storybook/test'
import { ConfluenceConnect } from '../src/index.ts'
import { memoryConnection, memoryItems, memorySite } from '../src/testing.ts'
import { Story, type StoryProps, seeTitle } from './setting.tsx'

const connections = [memoryConnection(1, memorySite('acme.atlassian.net', 'Acme'))]

const meta: Meta<StoryProps> = {
  title: 'Page picker',
  component: ConfluenceConnect,
  args: {
    orgName: 'Acme Notes',
    enabledIntegrations: [{ id: 'CONFLUENCE', useCarbonFilePicker: true }],
    memory: { connections },
  },
  render: (props) => <Story {...props} />,
}
export default meta

type S = StoryObj<StoryProps>

async function open(canvasElement: HTMLElement) {
  const canvas = within(canvasElement)
  await userEvent.click(await canvas.findByRole('button', { name: /^Choose pages/ }, { timeout: 5000 }))
  await seeTitle(canvas, 'Choose what Acme Notes can read')
  return canvas
}

/** Spaces first; a space brings all its pages. */
export const Spaces: S = {
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await expect(await canvas.findByRole('treeitem', { name: /Engineering/ })).toBeVisible()
  },
}

/** A space that is open, with some of its pages picked. */
export const SomePicked: S = {
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    const space = await canvas.findByRole('treeitem', { name: /Engineering/ })
    await userEvent.click(space.querySelector('.cc-twist') ?? space)
    const pages = await canvas.findAllByRole('treeitem', { name: /^(Onboarding|API guide)/ })
    for (const page of pages.slice(0, 2)) await userEvent.click(page)
    await userEvent.click(canvas.getByRole('treeitem', { name: /Support/ }))
    await expect(canvas.getByRole('button', { name: 'Sync 1 space and 2 pages' })).toBeVisible()
  },
}
export const Dark: S = { ...SomePicked, args: { theme: 'dark' } }

/** Names of any direction begin where their rows do. */
export const RightToLeft: S = {
  ...SomePicked,
  args: { dir: 'rtl' },
  play: async (context) => {
    await SomePicked.play?.(context)
    const row = within(context.canvasElement).getByRole('treeitem', { name: /Engineering/ })
    const words = new Range()
    words.selectNodeContents(within(row).getByText('Engineering'))
    const box = row.querySelector('.cc-checkbox') ?? row
    await expect(box.getBoundingClientRect().left - words.getBoundingClientRect().right).toBeLessThan(12)
  },
}
export const OnAPhone: S = { ...SomePicked, globals: { viewport: { value: 'phone' } } }

/** What a search found. */
export const Search: S = {
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await userEvent.type(canvas.getByRole('searchbox'), 'bill')
    await expect(await canvas.findByRole('button', { name: 'Select all 8 matches' }, { timeout: 5000 })).toBeVisible()
    await expect(canvas.getByRole('treeitem', { name: 'Billing 1 in Engineering' })).toBeVisible()
  },
}
export const SearchOnAPhone: S = { ...Search, globals: { viewport: { value: 'phone' } } }

/** Everything, with what comes later. */
export const Everything: S = {
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await canvas.findByRole('treeitem', { name: /Engineering/ })
    await userEvent.click(canvas.getByRole('button', { name: 'Select all' }))
    await expect(canvas.getByRole('button', { name: 'Sync everything' })).toBeVisible()
    for (const row of canvas.getAllByRole('treeitem')) await expect(row).toBeChecked()
  },
}

/** One level could not be loaded: the others are there, and its row tries again. */
export const LevelFailed: S = {
  args: { memory: { connections, failures: {} } },
  play: async ({ canvasElement, args }) => {
    const canvas = await open(canvasElement)
    const space = await canvas.findByRole('treeitem', { name: /Engineering/ })
    if (args.memory?.failures) args.memory.failures.listItems = 'network'
    await userEvent.click(space.querySelector('.cc-twist') ?? space)
    await expect(await canvas.findByRole('treeitem', { name: 'This could not be loaded. Try again' })).toBeVisible()
    if (args.memory?.failures) delete args.memory.failures.listItems
  },
}

/** Reading anew did not work: said in place, and it can be tried again. */
export const ReadingFails: S = {
  args: { memory: { connections, failures: { refreshItems: 'provider_unavailable' } } },
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: 'Read again from Confluence' }))
    await expect(await canvas.findByRole('alert')).toHaveTextContent('That did not work')
  },
}

export const NothingFound: S = {
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await userEvent.type(canvas.getByRole('searchbox'), 'zzzz')
    const said = await canvas.findByText(/Nothing is called/)
    await expect(said).toBeVisible()
    // On one line, with what was searched for.
    await expect(said.clientHeight).toBeLessThan(2 * Number.parseFloat(getComputedStyle(said).lineHeight))
  },
}

export const Empty: S = {
  args: { memory: { connections, items: [] } },
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await expect(await canvas.findByText(/There are no spaces/)).toBeVisible()
  },
}

/** The tree is still being read. */
export const BeingRead: S = {
  args: { memory: { connections, items: [], syncs: { 1: { phase: 'spaces' } } } },
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await expect(await canvas.findByText(/Reading the spaces of/)).toBeVisible()
  },
}

export const Failed: S = {
  args: { memory: { connections, failures: { listItems: 'network' } } },
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await expect(await canvas.findByRole('alert')).toHaveTextContent('This could not be loaded.')
  },
}

/** Ten thousand, of which few are in the document; long names are cut. */
export const Many: S = {
  args: {
    memory: {
      connections,
      items: memoryItems(10_000, 0).map((item, index) => ({
        ...item,
        name: index === 1 ? 'A'.repeat(200) : item.name,
        selectable: index !== 2,
        fileId: index === 3 ? 7 : null,
      })),
    },
  },
  play: async ({ canvasElement }) => {
    const canvas = await open(canvasElement)
    await expect((await canvas.findAllByRole('treeitem')).length).toBeLessThan(60)
    const body = canvasElement.querySelector('.cc-body') ?? canvasElement
    await expect(body.scrollWidth).toBeLessThanOrEqual(body.clientWidth)
  },
}
