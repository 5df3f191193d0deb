import type { Meta, StoryObj } from '@storybook/react-vite'
import { type FormEvent, useState } from 'react'
import { expect, userEvent, within } from 'storybook/test'
import { type ConnectState, useConfluenceConnect } from '../src/index.ts'
import { createMemoryBackend } from '../src/testing.ts'

/** One line of a settings page: no dialog, no stylesheet of ours, the host's own words. */
function SettingsRow() {
  const [backend] = useState(() => createMemoryBackend({ signInMs: 300, stepMs: 300 }))
  const state = useConfluenceConnect({ backend })
  return (
    <section aria-labelledby="row" style={{ maxWidth: 520, margin: 24, font: '15px/1.6 Georgia, serif' }}>
      <h2 id="row" style={{ fontSize: 18, margin: 0 }}>
        Company wiki
      </h2>
      <div role="status">{describe(state)}</div>
      <Controls state={state} />
    </section>
  )
}

/** What there is to say, for every state: the compiler knows when one is missing. */
function describe(state: ConnectState): string {
  switch (state.name) {
    case 'opening':
    case 'resuming':
      return 'One moment.'
    case 'integrations':
    case 'enter':
      return state.name === 'enter' && state.problem ? 'That is not a Confluence site.' : 'Not connected.'
    case 'blocked':
      return 'Your browser held the window back.'
    case 'waiting':
      return `Waiting for your sign-in to ${state.site}.`
    case 'choosing':
      return 'Which of your sites?'
    case 'syncing':
      return `Reading ${state.connection.site.host}: ${state.progress?.pages.synced ?? 0} pages so far.`
    case 'synced':
      return `${state.connection.site.host} is here, ${state.progress?.pages.synced ?? 0} pages.`
    case 'accounts':
      return `${state.connections.length} connected.`
    case 'picker':
    case 'pages':
      return state.connection.site.host
    case 'disconnected':
      return 'Disconnected.'
    case 'stopped':
    case 'failed':
      return `It stopped (${state.error.code}).`
  }
}

function SiteForm({ start }: { start: (site: string) => void }) {
  const [site, setSite] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(site)
  }
  return (
    <form onSubmit={submit}>
      <label>
        Site <input value={site} onChange={(event) => setSite(event.target.value)} />
      </label>{' '}
      <button type="submit">Connect</button>
    </form>
  )
}

/** What can be done, for the states in which something can. */
function Controls({ state }: { state: ConnectState }) {
  const button = (label: string, act: () => void) => (
    <button type="button" onClick={act}>
      {label}
    </button>
  )
  switch (state.name) {
    case 'enter':
      return <SiteForm start={state.start} />
    case 'blocked':
      return (
        <a href={state.signInUrl} target="_blank" rel="noopener opener">
          Open it
        </a>
      )
    case 'waiting':
      return button('Cancel', state.cancel)
    case 'choosing':
      return <>{state.sites.map(({ cloudId, name }) => button(name, () => state.confirm(cloudId)))}</>
    case 'syncing':
    case 'synced':
      return button('Disconnect', state.disconnect)
    case 'accounts':
      return button('Add', state.add)
    case 'stopped':
    case 'failed':
      return button('Try again', state.retry)
    default:
      return null
  }
}

const meta: Meta = {
  title: 'Headless',
  render: () => <SettingsRow />,
}
export default meta

/** `useConfluenceConnect()` alone: another interface altogether, on the same states and actions. */
export const ASettingsRow: StoryObj = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.type(await canvas.findByRole('textbox', { name: 'Site' }), 'acme{Enter}')
    await expect(await canvas.findByText('Waiting for your sign-in to acme.atlassian.net.')).toBeVisible()
    await expect(
      await canvas.findByText('acme.atlassian.net is here, 240 pages.', undefined, { timeout: 5000 }),
    ).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Disconnect' }))
    await expect(await canvas.findByText('Disconnected.')).toBeVisible()
  },
}
