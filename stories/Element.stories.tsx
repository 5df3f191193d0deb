import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ElementProperties } from 'confluence-connect/element'
import 'confluence-connect/element'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { createMemoryBackend, type MemoryBackendOptions, memoryConnection, memorySite } from '../src/testing.ts'

interface ElementStory extends ElementProperties {
  memory?: MemoryBackendOptions
  /** The page's own elements in the tag. */
  inside?: string
  /** The page's stylesheet. */
  css?: string
  dir?: 'ltr' | 'rtl'
  open?: boolean
}

/** A page without React: the tag, as HTML, and its properties. */
function Page({ memory, inside = '', css = '', dir, ...properties }: ElementStory) {
  const write = (place: HTMLDivElement | null) => {
    if (!place) return
    place.innerHTML = `<style>${css}</style>
      <p><confluence-connect org-name="Acme Notes" tos-url="https://example.com/terms">${inside}</confluence-connect></p>`
    Object.assign(place.querySelector('confluence-connect') ?? {}, {
      backend: createMemoryBackend(memory),
      // A stylesheet of the page's does not reach in: what the stories' own one stops has to be stopped here.
      ...(navigator.webdriver && { appearance: { options: { animations: 'none' } } }),
      ...properties,
    })
    return () => place.replaceChildren()
  }
  const background = properties.theme === 'dark' ? '#0f1216' : '#eceef1'
  return (
    <div
      ref={write}
      dir={dir}
      style={{
        minHeight: '100vh',
        padding: 16,
        boxSizing: 'border-box',
        font: '14px/1.5 system-ui, sans-serif',
        background,
      }}
    />
  )
}

const meta: Meta<ElementStory> = {
  title: 'Custom element',
  args: { open: true },
  render: (props) => <Page {...props} />,
}
export default meta

type S = StoryObj<ElementStory>

/** What is in the element: queries do not look into a shadow root by themselves. */
async function insideOf(canvasElement: HTMLElement) {
  const inner = await waitFor(() => {
    const found = canvasElement.querySelector('confluence-connect')?.shadowRoot?.querySelector<HTMLElement>('.cc-mount')
    if (!found?.childElementCount) throw new Error('The element shows nothing yet.')
    return found
  })
  return within(inner)
}

/** Waits for a view by its title, which has the focus then. */
async function see(canvasElement: HTMLElement, name: string | RegExp) {
  const inside = await insideOf(canvasElement)
  const title = await inside.findByRole('heading', { level: 2, name }, { timeout: 5000 })
  await waitFor(() => expect(title.matches(':focus')).toBe(true))
  return inside
}

async function submitSite(canvasElement: HTMLElement) {
  const inside = await insideOf(canvasElement)
  await userEvent.type(await inside.findByRole('textbox'), 'acme')
  await userEvent.click(inside.getByRole('button', { name: 'Continue to Atlassian' }))
  return inside
}

async function seeEnterIn(canvasElement: HTMLElement) {
  const field = await (await insideOf(canvasElement)).findByRole('textbox', { name: 'Your Confluence site' })
  await waitFor(() => expect(field.matches(':focus')).toBe(true))
}

const seeEnter: S['play'] = ({ canvasElement }) => seeEnterIn(canvasElement)

const seeSyncing: S['play'] = async ({ canvasElement }) => {
  await submitSite(canvasElement)
  await (await see(canvasElement, 'Confluence is connected')).findByText('about 2 minutes left')
}

const syncing = {
  progress: [{ phase: 'pages', pages: { synced: 310, failed: 2, total: 1240 }, secondsLeft: 130 }],
} as const
const acme = { ...memoryConnection(1, memorySite('acme.atlassian.net', 'Acme')), syncStatus: 'READY' } as const
const synced: MemoryBackendOptions = {
  connections: [acme],
  progress: [{ phase: 'done', pages: { synced: 240, failed: 0, total: 240 } }],
}

/** Without a word of the page's: its own button. */
export const Button: S = {
  args: { open: false },
  play: async ({ canvasElement }) => {
    const inside = await insideOf(canvasElement)
    const button = await inside.findByRole('button', { name: 'Connect Confluence' })
    await userEvent.click(button)
    await seeEnterIn(canvasElement)
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(button.matches(':focus')).toBe(true))
  },
}

/** A button of the page's. */
export const OwnButton: S = {
  args: { open: false, inside: '<button type="button" slot="trigger">Add Confluence</button>' },
  play: async ({ canvasElement }) => {
    const button = await within(canvasElement).findByRole('button', { name: 'Add Confluence' })
    await userEvent.click(button)
    await seeEnterIn(canvasElement)
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(button).toHaveFocus())
  },
}

export const Enter: S = { play: seeEnter }
export const EnterDark: S = { args: { theme: 'dark' }, play: seeEnter }
export const EnterOnAPhone: S = { globals: { viewport: { value: 'phone' } }, play: seeEnter }
export const EnterRightToLeft: S = { args: { dir: 'rtl' }, play: seeEnter }

export const Waiting: S = {
  args: { memory: { signIn: 'pending' } },
  play: async ({ canvasElement }) => {
    await submitSite(canvasElement)
    await see(canvasElement, 'Finish signing in with Atlassian')
  },
}

export const Choice: S = {
  args: {
    memory: { sites: [memorySite('globex.atlassian.net', 'Globex'), memorySite('initech.atlassian.net', 'Initech')] },
  },
  play: async ({ canvasElement }) => {
    await submitSite(canvasElement)
    await see(canvasElement, 'Which site should be connected?')
  },
}

export const Syncing: S = { args: { memory: syncing }, play: seeSyncing }
export const SyncingDark: S = { args: { memory: syncing, theme: 'dark' }, play: seeSyncing }

export const Denied: S = {
  args: { memory: { signIn: 'access_denied' } },
  play: async ({ canvasElement }) => {
    await submitSite(canvasElement)
    await see(canvasElement, 'Access was not given')
  },
}

export const Accounts: S = {
  args: { memory: synced },
  play: async ({ canvasElement }) => {
    await see(canvasElement, 'Confluence in Acme Notes')
  },
}

export const Pages: S = {
  args: { memory: synced },
  play: async ({ canvasElement }) => {
    const inside = await see(canvasElement, 'Confluence in Acme Notes')
    await userEvent.click(await inside.findByRole('button', { name: /^Pages/ }))
    await inside.findByRole('table', {}, { timeout: 5000 })
  },
}

export const Picker: S = {
  args: { memory: synced, enabledIntegrations: [{ id: 'CONFLUENCE', useCarbonFilePicker: true }] },
  play: async ({ canvasElement }) => {
    const accounts = await see(canvasElement, 'Confluence in Acme Notes')
    await userEvent.click(await accounts.findByRole('button', { name: /^Choose pages/ }))
    const inside = await see(canvasElement, 'Choose what Acme Notes can read')
    const space = await inside.findByRole('treeitem', { name: /Engineering/ })
    await userEvent.click(space.querySelector('.cc-twist') ?? space)
    await userEvent.click(await inside.findByRole('treeitem', { name: /^Onboarding/ }))
    await expect(inside.getByRole('button', { name: 'Sync 1 page' })).toBeVisible()
  },
}

/** A part of the page. */
export const Inline: S = {
  args: { mode: 'inline', open: false },
  play: async ({ canvasElement }) => {
    const inside = await insideOf(canvasElement)
    await expect(await inside.findByRole('textbox', { name: 'Your Confluence site' })).toBeVisible()
  },
}

/** The page's stylesheet tunes it by properties, and parts by their names. */
export const OwnLook: S = {
  args: {
    theme: 'light',
    css: `confluence-connect { --cc-color-primary: #6d28d9; --cc-radius: 24px }
      confluence-connect::part(button) { border-radius: 22px }`,
  },
  play: async ({ canvasElement }) => {
    const submit = await (await insideOf(canvasElement)).findByRole('button', { name: 'Continue to Atlassian' })
    await userEvent.unhover(submit)
    await expect(getComputedStyle(submit).backgroundColor).toBe('rgb(109, 40, 217)')
    await expect(getComputedStyle(submit).borderRadius).toBe('22px')
  },
}
