import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ConfluenceConnect, type Message, type Messages } from '../src/index.ts'
import ar from '../src/locales/ar.ts'
import de from '../src/locales/de.ts'
import en from '../src/locales/en.ts'
import es from '../src/locales/es.ts'
import fr from '../src/locales/fr.ts'
import ja from '../src/locales/ja.ts'
import { format } from '../src/messages.ts'
import {
  createMemoryBackend,
  type MemoryBackendOptions,
  memoryConnection,
  memoryPages,
  memorySite,
} from '../src/testing.ts'
import { Story } from './setting.tsx'

const languages = { en, de, fr, es, ja, ar }
type Language = keyof typeof languages

const site = 'acme.atlassian.net'
const acme = memoryConnection(1, memorySite(site, 'Acme'))
const initech = memoryConnection(2, memorySite('initech.atlassian.net', 'Initech'))
const hooli = memoryConnection(3, memorySite('hooli.atlassian.net', 'Hooli'))
const done = { phase: 'done', pages: { synced: 1240, failed: 0, total: 1240 } } as const
const halfway = {
  phase: 'pages',
  spaces: 12,
  pages: { synced: 310, failed: 2, total: 1240 },
  secondsLeft: 130,
} as const

/** How a person goes on from the first view: to the sign-in, or from an account by one of its buttons. */
type Step = 'signIn' | 'pick' | 'pages'

interface View {
  /** Each has a name of its own, for a page may not have two parts of the same name. */
  org: string
  memory: MemoryBackendOptions
  step?: Step
  title: (messages: Messages) => Message
}

const views: Record<string, View> = {
  enter: { org: 'Acme Notes', memory: {}, title: (messages) => messages.title },
  waiting: {
    org: 'Acme Mail',
    memory: { signIn: 'pending' },
    step: 'signIn',
    title: (messages) => messages.waiting.title,
  },
  connected: {
    org: 'Acme Search',
    memory: { progress: [halfway] },
    step: 'signIn',
    title: (messages) => messages.connection.syncing.title,
  },
  error: {
    org: 'Acme Wiki',
    memory: { signIn: 'admin_approval_required' },
    step: 'signIn',
    title: (messages) => messages.errors.admin_approval_required.title,
  },
  accounts: {
    org: 'Acme Desk',
    memory: {
      connections: [
        { ...acme, syncStatus: 'READY', lastSyncedAt: new Date(Date.now() - 3_700_000).toISOString() },
        { ...initech, status: 'reconnect_needed' },
        { ...hooli, syncStatus: 'SYNCING' },
      ],
      progress: [done],
      syncs: { 3: halfway },
    },
    title: (messages) => messages.lists.accounts.title,
  },
  picker: {
    org: 'Acme Chat',
    memory: { connections: [acme], progress: [done] },
    step: 'pick',
    title: (messages) => messages.lists.picker.title,
  },
  pages: {
    org: 'Acme Lab',
    memory: { connections: [acme], progress: [done], pages: memoryPages(12) },
    step: 'pages',
    title: (messages) => messages.lists.pages.title,
  },
}

function Panel({ view: { org, memory }, language }: { view: View; language: Language }) {
  const [backend] = useState(() => createMemoryBackend(memory))
  return (
    <ConfluenceConnect
      mode="inline"
      orgName={org}
      backend={backend}
      enabledIntegrations={[{ id: 'CONFLUENCE', useCarbonFilePicker: true }]}
      localization={{ messages: languages[language] }}
    />
  )
}

/** The main views in one language. */
function Sheet({ language }: { language: Language }) {
  return (
    <main
      style={{
        display: 'grid',
        gap: 16,
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 40rem), 1fr))',
        alignItems: 'start',
        minHeight: '100vh',
        font: '14px/1.5 system-ui, sans-serif',
        background: '#eceef1',
      }}
    >
      {Object.entries(views).map(([name, view]) => (
        <div key={name} id={name}>
          <Panel view={view} language={language} />
        </div>
      ))}
    </main>
  )
}

const meta: Meta<typeof Sheet> = {
  title: 'Languages',
  component: Sheet,
  argTypes: { language: { options: Object.keys(languages), control: 'select' } },
  render: ({ language }) => <Sheet key={language} language={language} />,
}
export default meta

type S = StoryObj<typeof Sheet>
type Canvas = ReturnType<typeof within>

const steps: Record<Step, (canvas: Canvas, messages: Messages) => Promise<void>> = {
  signIn: async (canvas, { enter, locale }) => {
    await userEvent.click(await canvas.findByRole('textbox', undefined, { timeout: 5000 }))
    await userEvent.paste('acme')
    await userEvent.click(canvas.getByRole('button', { name: format(enter.submit, {}, String(locale)) }))
  },
  pick: (canvas, { lists }) => pressOnAccount(canvas, lists.accounts.pick),
  pages: async (canvas, { lists, locale }) => {
    await pressOnAccount(canvas, lists.accounts.pages)
    const name = format(lists.pages.removeOne, { title: 'API guide 1' }, String(locale))
    await userEvent.click(await canvas.findByRole('button', { name }))
  },
}

const pressOnAccount = async (canvas: Canvas, label: Message) =>
  userEvent.click(await canvas.findByRole('button', { name: `${label}: ${site}, Jane Doe` }, { timeout: 5000 }))

/** Goes to every view, and sees that it speaks the language, in its direction, and that nothing is wider than its place. */
const speaking = (language: Language, direction: 'ltr' | 'rtl' = 'ltr'): S => ({
  args: { language },
  globals: { viewport: { value: 'desktop' } },
  play: async ({ canvasElement }) => {
    const messages = languages[language]
    for (const [name, { org, step, title }] of Object.entries(views)) {
      const place = canvasElement.querySelector<HTMLElement>(`#${name}`) ?? canvasElement
      const canvas = within(place)
      if (step) await steps[step](canvas, messages)
      const words = format(title(messages), { org, site }, language)
      await canvas.findByRole('heading', { level: 2, name: words }, { timeout: 5000 })
      await waitFor(() => expect(place.querySelector('.cc-skeleton')).toBeNull())
      const panel = canvas.getByRole('region')
      await expect([panel.lang, getComputedStyle(panel).direction]).toEqual([language, direction])
      for (const part of place.querySelectorAll('.cc-body, .cc-button, .cc-status'))
        await expect(part.scrollWidth).toBeLessThanOrEqual(part.clientWidth)
      // What is asked in a row is answered by whole words.
      for (const button of place.querySelectorAll('.cc-cell .cc-button'))
        await expect(button.clientHeight).toBeLessThan(48)
    }
  },
})

const onAPhone = (story: S): S => ({ ...story, globals: { viewport: { value: 'phone' } } })

export const English = speaking('en')
export const EnglishOnAPhone = onAPhone(English)
export const German = speaking('de')
export const GermanOnAPhone = onAPhone(German)
export const French = speaking('fr')
export const FrenchOnAPhone = onAPhone(French)
export const Spanish = speaking('es')
export const SpanishOnAPhone = onAPhone(Spanish)
export const Japanese = speaking('ja')
export const JapaneseOnAPhone = onAPhone(Japanese)
export const Arabic = speaking('ar', 'rtl')
export const ArabicOnAPhone = onAPhone(Arabic)

/** A language that is fetched when the dialog opens. */
export const FetchedWhenItOpens: S = {
  args: { language: 'fr' },
  render: () => (
    <Story orgName="Acme Notes" localization={{ locale: 'fr-CH', messages: () => import('../src/locales/fr.ts') }} />
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const dialog = await canvas.findByRole('dialog', { name: 'Connecter Confluence à Acme Notes' }, { timeout: 5000 })
    await expect(dialog).toHaveAttribute('lang', 'fr-CH')
    await expect(await canvas.findByRole('textbox', { name: 'Votre site Confluence' })).toBeVisible()
  },
}

/** While it is fetched: the shape of what comes, in its direction already, so that nothing changes sides. */
export const BeingFetched: S = {
  args: { language: 'ar' },
  render: () => (
    <Story orgName="Acme Notes" localization={{ locale: 'ar', messages: () => new Promise<never>(() => {}) }} />
  ),
  play: async ({ canvasElement }) => {
    const dialog = await within(canvasElement).findByRole('dialog')
    await expect(getComputedStyle(dialog).direction).toBe('rtl')
    await expect(dialog.querySelectorAll('.cc-skeleton')).toHaveLength(3)
  },
}
