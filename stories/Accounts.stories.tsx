import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ConfluenceConnect, type Connection } from '../src/index.ts'
import { memoryConnection, memorySite } from '../src/testing.ts'
import { Story, type StoryProps, seeTitle } from './setting.tsx'

const meta: Meta<StoryProps> = {
  title: 'Accounts',
  component: ConfluenceConnect,
  args: { orgName: 'Acme Notes', enabledIntegrations: [{ id: 'CONFLUENCE', useCarbonFilePicker: true }] },
  render: (props) => <Story {...props} />,
}
export default meta

type S = StoryObj<StoryProps>

const anHourAgo = new Date(Date.now() - 3_700_000).toISOString()
const grace = { id: '557058:grace', name: 'Grace Hopper', email: 'grace@globex.example', avatarUrl: null }
const ready = (connection: Connection): Connection => ({ ...connection, syncStatus: 'READY', lastSyncedAt: anHourAgo })

const acme = ready(memoryConnection(1, memorySite('acme.atlassian.net', 'Acme')))
const globex = ready(memoryConnection(2, memorySite('globex.atlassian.net', 'Globex'), grace))
const initech = ready(memoryConnection(3, memorySite('initech.atlassian.net', 'Initech')))
const hooli = ready(memoryConnection(4, memorySite('hooli.atlassian.net', 'Hooli'), grace))
const umbrella = ready(memoryConnection(5, memorySite('umbrella.atlassian.net', 'Umbrella')))

const done = { phase: 'done', pages: { synced: 1240, failed: 0, total: 1240 } } as const
const halfway = { phase: 'pages', spaces: 12, pages: { synced: 310, failed: 0, total: 1240 } } as const

/** One account, up to date. */
export const One: S = {
  args: { memory: { connections: [acme], progress: [done] } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await seeTitle(canvas, 'Confluence in Acme Notes')
    await expect(await canvas.findByText('1,240 pages · synced 1 hour ago')).toBeVisible()
  },
}

/** Several sites and people, one in each state that there is. */
export const Several: S = {
  args: {
    memory: {
      connections: [
        acme,
        { ...globex, syncStatus: 'SYNCING' },
        { ...initech, status: 'reconnect_needed' },
        { ...hooli, syncStatus: 'SYNC_ERROR' },
        { ...umbrella, status: 'disconnected' },
      ],
      progress: [done],
      syncs: {
        2: halfway,
        4: { phase: 'failed', error: { code: 'provider_unavailable', message: 'No answer.' } },
      },
    },
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await seeTitle(canvas, 'Confluence in Acme Notes')
    const rows = await canvas.findAllByRole('listitem')
    await waitFor(() => expect(rows[1]).toHaveTextContent('310 of about 1,240 pages'))
    for (const [row, words] of [
      'Up to date',
      'Syncing',
      'Access ended',
      'Atlassian does not answer',
      'Disconnected',
    ].entries())
      await waitFor(() => expect(rows[row]).toHaveTextContent(words))
    await expect(canvas.getByRole('button', { name: 'Reconnect: initech.atlassian.net, Jane Doe' })).toBeVisible()
  },
}
export const SeveralDark: S = { ...Several, args: { ...Several.args, theme: 'dark' } }
export const SeveralRightToLeft: S = { ...Several, args: { ...Several.args, dir: 'rtl' } }
export const SeveralOnAPhone: S = { ...Several, globals: { viewport: { value: 'phone' } } }

/** It asks before it disconnects, with the focus on the harmless answer. */
export const AsksBeforeDisconnecting: S = {
  ...One,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.click(
      await canvas.findByRole('button', { name: 'Disconnect: acme.atlassian.net, Jane Doe' }, { timeout: 5000 }),
    )
    await expect(canvas.getByRole('button', { name: 'Keep' })).toHaveFocus()
    await expect(canvas.getByText(/Its pages are removed from/)).toBeVisible()
  },
}

/** Disconnected: it can be connected again while its pages are kept. */
export const Disconnected: S = {
  ...One,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.click(
      await canvas.findByRole('button', { name: 'Disconnect: acme.atlassian.net, Jane Doe' }, { timeout: 5000 }),
    )
    await userEvent.click(canvas.getByRole('button', { name: 'Disconnect' }))
    await expect(await canvas.findByRole('button', { name: /^Reconnect/ })).toBeVisible()
    // What had the focus is gone.
    await seeTitle(canvas, 'Confluence in Acme Notes')
  },
}

/** What does not work is said in place, and can be tried again. */
export const ActionFails: S = {
  args: { memory: { connections: [acme], progress: [done], failures: { startSync: 'rate_limited' } } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: /^Sync again/ }, { timeout: 5000 }))
    await expect(await canvas.findByRole('alert')).toHaveTextContent('That did not work: Atlassian is busy')
  },
}

/** Long names wrap. */
export const LongNames: S = {
  args: {
    memory: {
      connections: [
        {
          ...acme,
          site: memorySite(`${'a-very-long-name-of-a-site-'.repeat(2)}x.atlassian.net`),
          account: {
            ...grace,
            name: 'Wolfeschlegelsteinhausenbergerdorff-Montgomery-Fitzgerald the Third of Somewhere',
          },
        },
      ],
      progress: [done],
    },
  },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await seeTitle(canvas, 'Confluence in Acme Notes')
    const body = canvasElement.querySelector('.cc-body') ?? canvasElement
    await expect(body.scrollWidth).toBeLessThanOrEqual(body.clientWidth)
  },
}
