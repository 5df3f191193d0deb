import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ConfluenceConnect } from '../src/index.ts'
import { memorySite } from '../src/testing.ts'
import { Story, type StoryProps, seeTitle, submitSite } from './setting.tsx'

const meta: Meta<StoryProps> = {
  title: 'ConfluenceConnect',
  component: ConfluenceConnect,
  args: { orgName: 'Acme Notes', tosURL: 'https://example.com/terms', privacyPolicyURL: 'https://example.com/privacy' },
  render: (props) => <Story {...props} />,
}
export default meta

type S = StoryObj<StoryProps>

const acme = memorySite('acme.atlassian.net', 'Acme Engineering')
const globex = memorySite('globex.atlassian.net', 'Globex')
const initech = memorySite('initech.atlassian.net', 'Initech')

const halfway = {
  phase: 'pages',
  spaces: 12,
  pages: { synced: 310, failed: 2, total: 1240 },
  secondsLeft: 130,
} as const

/** The first view: one field, and what the person gets. */
export const Enter: S = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const field = await canvas.findByRole('textbox', { name: 'Your Confluence site' })
    await waitFor(() => expect(field).toHaveFocus())
    await expect(canvas.getByRole('dialog', { name: 'Connect Confluence to Acme Notes' })).toBeVisible()
  },
}

/** A link to another site is explained. */
export const EnterForeignLink: S = {
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement, 'https://github.com/acme')
    await expect(await canvas.findByRole('alert')).toHaveTextContent(
      'That is a link to github.com. A Confluence site looks like acme.atlassian.net.',
    )
    await expect(canvas.getByRole('textbox')).toHaveFocus()
  },
}

/** An empty field is explained. */
export const EnterEmpty: S = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: 'Continue to Atlassian' }))
    await expect(await canvas.findByRole('alert')).toHaveTextContent('Enter the name of your Confluence site')
  },
}

/** The sign-in window is open. */
export const Waiting: S = {
  args: { memory: { signIn: 'pending' } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Finish signing in with Atlassian')
    await expect(await canvas.findByText(/This page goes on by itself/)).toHaveTextContent('acme.atlassian.net')
  },
}

/** The person is back on this page, or some time has passed. */
export const WaitingUnattended: S = {
  args: { memory: { signIn: 'unattended' } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(await canvas.findByRole('button', { name: 'Open it again' })).toBeVisible()
    await expect(canvas.getByRole('status')).toHaveTextContent('Closed it?')
  },
}

/** The server does not answer for a while: it is tried again, quietly. */
export const WaitingUnreachable: S = {
  args: { memory: { signIn: 'pending', failures: { getFlow: 'network' } } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(
      (await canvas.findAllByText(/Trying again by itself/, undefined, { timeout: 4000 })).length,
    ).toBeGreaterThan(0)
    await seeTitle(canvas, 'Finish signing in with Atlassian')
  },
}

/** The browser held the sign-in window back: a real link opens it. */
export const Blocked: S = {
  args: { memory: { signIn: 'blocked' } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Your browser held back the sign-in window')
    await expect(canvas.getByRole('link', { name: 'Open sign-in window' })).toHaveAttribute('rel', 'opener')
  },
}

/** Several sites were granted, and not the one that was asked for. */
export const ChooseSite: S = {
  args: { memory: { sites: [globex, initech] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Which site should be connected?')
    await userEvent.click(canvas.getByRole('radio', { name: /Initech/ }))
    await expect(canvas.getByRole('button', { name: 'Connect Initech' })).toBeVisible()
  },
}

/** The requested site is among several: it is preselected. */
export const ChooseRequestedSite: S = {
  args: { memory: { sites: [globex, acme] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(await canvas.findByRole('radio', { name: /Acme Engineering/ })).toBeChecked()
  },
}

/** Another site than the requested one was granted. */
export const ChooseOtherSite: S = {
  args: { memory: { sites: [globex] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Connect globex.atlassian.net to Acme Notes?')
    await expect(canvas.getByText(/You asked for/)).toHaveTextContent('acme.atlassian.net')
  },
}

/** `requireConfirmation` asks in any case. */
export const Confirm: S = {
  args: { requireConfirmation: true, memory: { sites: [acme] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Connect acme.atlassian.net to Acme Notes?')
    await expect(canvas.getByText('jane@acme.example')).toBeVisible()
  },
}

/** Connected; how many pages there are is not known yet. */
export const SyncingUnknownTotal: S = {
  args: { memory: { progress: [{ phase: 'pages', spaces: 12, pages: { synced: 40, failed: 0, total: null } }] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(await canvas.findByText('40')).toBeVisible()
    await expect(canvas.getByRole('progressbar', { name: 'Sync progress' })).not.toHaveAttribute('value')
  },
}

/** Connected: who, which site, how far, how long. */
export const Syncing: S = {
  args: { memory: { progress: [{ ...halfway, pages: { ...halfway.pages, failed: 0 } }] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Confluence is connected')
    await expect(await canvas.findByText('about 2 minutes left')).toBeVisible()
    await expect(canvas.getByText('jane@acme.example')).toBeVisible()
    await expect(canvas.getByRole('status')).toHaveTextContent('About 20 percent')
  },
}

/** Some pages could not be converted. */
export const SyncingWithFailedPages: S = {
  args: { memory: { progress: [halfway] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(await canvas.findByText(/2 pages could not be converted/)).toBeVisible()
  },
}

/** Atlassian asked to wait. */
export const SyncingRateLimited: S = {
  args: { memory: { progress: [{ ...halfway, rateLimitedUntil: '2026-11-02T14:05:00' }] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(await canvas.findByText(/Atlassian asked to wait until 2:05/)).toBeVisible()
  },
}

/** "Not you?" asks once before it ends the access. */
export const DisconnectQuestion: S = {
  args: { memory: { progress: [halfway] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: 'Not you? Disconnect' }))
    await expect(canvas.getByRole('button', { name: 'Disconnect' })).toBeVisible()
  },
}

/** The access was ended. */
export const Disconnected: S = {
  args: { memory: { progress: [halfway] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: 'Not you? Disconnect' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Disconnect' }))
    await seeTitle(canvas, 'Confluence is disconnected')
  },
}

/** Every page has arrived. */
export const Synced: S = {
  args: { memory: { progress: [{ phase: 'done', pages: { synced: 1240, failed: 0, total: 1240 } }] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, '1,240 pages are in Acme Notes')
  },
}

/** Every page has arrived; some could not be converted. */
export const SyncedWithFailedPages: S = {
  args: { memory: { progress: [{ phase: 'done', pages: { synced: 1237, failed: 3, total: 1240 } }] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(await canvas.findByText(/3 pages could not be converted/)).toBeVisible()
  },
}

/** There was nothing to sync. */
export const SyncedNothing: S = {
  args: { memory: { progress: [{ phase: 'done', pages: { synced: 0, failed: 0, total: 0 } }] } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await expect(await canvas.findByText(/There are no pages on/)).toBeVisible()
  },
}

/** The sync has failed; what has arrived stays. */
export const Stopped: S = {
  args: {
    memory: {
      progress: [
        {
          phase: 'failed',
          pages: { synced: 312, failed: 0, total: 1240 },
          error: { code: 'sync_failed', message: 'The disk of the server is full.' },
        },
      ],
    },
  },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'The sync stopped')
    await expect(canvas.getByText('312 pages are in Acme Notes and stay there.')).toBeVisible()
  },
}

/** Atlassian ended the access of an existing connection. */
export const ReconnectNeeded: S = {
  args: {
    memory: {
      progress: [
        {
          phase: 'failed',
          pages: { synced: 310, failed: 0, total: null },
          error: { code: 'reconnect_needed', message: 'x' },
        },
      ],
    },
  },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Atlassian ended the access to acme.atlassian.net')
    await expect(canvas.getByRole('button', { name: 'Reconnect' })).toBeVisible()
  },
}

/** The whole journey, as it plays without options. */
export const Journey: S = {
  args: { memory: { signInMs: 300, stepMs: 300 } },
  play: async ({ canvasElement }) => {
    const canvas = await submitSite(canvasElement)
    await seeTitle(canvas, 'Finish signing in with Atlassian')
    await seeTitle(canvas, 'Confluence is connected')
    await seeTitle(canvas, '240 pages are in Acme Notes')
    await userEvent.click(canvas.getByRole('button', { name: 'Done' }))
    await expect(canvas.queryByRole('dialog')).toBeNull()
  },
}
