import { expect } from 'vitest'
import { type Locator, page, userEvent } from 'vitest/browser'
import { ConfluenceConnect, type ConfluenceConnectProps } from '../../src/index.ts'
import {
  createMemoryBackend,
  type MemoryBackendOptions,
  memoryConnection,
  memoryItems,
  memoryPages,
  memorySite,
} from '../../src/testing.ts'

const acme = { ...memoryConnection(1, memorySite('acme.atlassian.net', 'Acme')), syncStatus: 'READY' as const }
const globex = memorySite('globex.atlassian.net', 'Globex')
const halfway = {
  phase: 'pages',
  spaces: 12,
  pages: { synced: 310, failed: 2, total: 1240 },
  secondsLeft: 130,
} as const
const done = { phase: 'done', pages: { synced: 1240, failed: 3, total: 1240 } } as const
const stopped = {
  phase: 'failed',
  pages: { synced: 312, failed: 0, total: 1240 },
  error: { code: 'sync_failed', message: 'The disk is full.' },
} as const

const accounts = {
  connections: [
    acme,
    { ...acme, id: 2, site: globex, syncStatus: 'SYNCING' as const },
    { ...acme, id: 3, site: memorySite('initech.atlassian.net'), status: 'reconnect_needed' as const },
  ],
  progress: [done],
  syncs: { 2: halfway },
  items: memoryItems(4, 15),
  pages: memoryPages(60),
}

/** Presses a button without the pointer, which would stay there and hover over what comes next. */
async function press(name: string | RegExp, first = page.getByRole('button', { name }).first()) {
  await expect.element(first).toBeVisible()
  const button = first.element()
  if (button instanceof HTMLElement) button.click()
}

/** Enters a site and goes on. */
async function submit(site: string) {
  const field = page.getByRole('textbox', { name: 'Your Confluence site' })
  await expect.element(field).toHaveFocus()
  await userEvent.fill(field, site)
  await press('Continue to Atlassian')
}

interface View {
  memory?: MemoryBackendOptions
  /** From what is shown first to this view. */
  go?: () => Promise<void>
  /** What can be seen when it is all there. */
  seen: () => Locator
}

const signIn = () => submit('acme')
const heading = (name: string | RegExp) => () => page.getByRole('heading', { name })

/** Every view of the component, and the states of them that look different. */
export const views: Record<string, View> = {
  enter: { seen: () => page.getByRole('textbox', { name: 'Your Confluence site' }) },
  'enter, with a problem': { go: () => submit('https://github.com/acme'), seen: () => page.getByRole('alert') },
  waiting: {
    memory: { signIn: 'unattended' },
    go: signIn,
    seen: () => page.getByRole('button', { name: 'Open it again' }),
  },
  blocked: { memory: { signIn: 'blocked' }, go: signIn, seen: heading('Your browser held back the sign-in window') },
  choosing: {
    memory: { sites: [globex, memorySite('initech.atlassian.net', 'Initech')] },
    go: signIn,
    seen: () => page.getByRole('radio', { name: /Initech/ }),
  },
  syncing: { memory: { progress: [halfway] }, go: signIn, seen: () => page.getByText('about 2 minutes left') },
  'syncing, asked': {
    memory: { progress: [{ ...halfway, pages: { ...halfway.pages, total: null } }] },
    go: async () => {
      await signIn()
      await press('Not you? Disconnect')
    },
    seen: () => page.getByRole('button', { name: 'Keep' }),
  },
  synced: { memory: { progress: [done] }, go: signIn, seen: heading('1,243 pages are in Acme Notes') },
  stopped: { memory: { progress: [stopped] }, go: signIn, seen: heading('The sync stopped') },
  failed: { memory: { signIn: 'access_denied' }, go: signIn, seen: heading('Access was not given') },
  accounts: { memory: accounts, seen: () => page.getByText(/310 of about|312 of about/) },
  'accounts, asked': {
    memory: accounts,
    go: () => press(/^Disconnect: acme/),
    seen: () => page.getByRole('button', { name: 'Keep' }),
  },
  picker: {
    memory: accounts,
    go: async () => {
      await press(/^Choose pages/)
      await press('', page.getByRole('treeitem', { name: /Engineering/ }))
      await press('', page.getByRole('treeitem', { name: /Design|Support/ }).first())
    },
    seen: () => page.getByText('2 spaces', { exact: true }),
  },
  pages: {
    memory: accounts,
    go: async () => {
      await press(/^Pages:/)
      await press('', page.getByRole('checkbox', { name: /Onboarding 1/ }).first())
    },
    seen: () => page.getByText(/1 to 50 of 60/).first(),
  },
  'pages, asked': {
    memory: accounts,
    go: async () => {
      await press(/^Pages:/)
      await press(/^Delete Onboarding 1/)
    },
    seen: () => page.getByRole('button', { name: /^Keep/ }),
  },
}

/** The component as it is in a view's place: open, or with a trigger that opens it. */
export function ViewOf({ name, ...props }: { name: string } & Partial<ConfluenceConnectProps>) {
  return (
    <ConfluenceConnect
      orgName="Acme Notes"
      backend={createMemoryBackend({ stepMs: 50, ...views[name]?.memory })}
      enabledIntegrations={[{ id: 'CONFLUENCE', useCarbonFilePicker: true }]}
      tosURL="https://example.com/terms"
      privacyPolicyURL="https://example.com/privacy"
      {...props}
    />
  )
}

/** Goes to a view of a component that is open, and waits until all of it is there. */
export async function goTo(name: string) {
  await views[name]?.go?.()
  await expect.element(views[name]?.seen() ?? page.getByRole('dialog')).toBeVisible()
}
