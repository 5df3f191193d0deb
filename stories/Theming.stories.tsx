import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, within } from 'storybook/test'
import { ConfluenceConnect } from '../src/index.ts'
import { memoryConnection, memorySite } from '../src/testing.ts'
import { contrast, harbor, midnight, paper, shadcnHsl } from '../src/themes.ts'
import { Story, type StoryProps, seeTitle, submitSite } from './setting.tsx'

const meta: Meta<StoryProps> = {
  title: 'Theming',
  component: ConfluenceConnect,
  args: {
    orgName: 'Acme Notes',
    memory: { progress: [{ phase: 'pages', pages: { synced: 310, failed: 2, total: 1240 } }] },
  },
  render: (props) => <Story {...props} />,
}
export default meta

type S = StoryObj<StoryProps>

const colorOf = (element: Element, property: 'color' | 'backgroundColor') => getComputedStyle(element)[property]

const seeSyncing: S['play'] = async ({ canvasElement }) => {
  const canvas = await submitSite(canvasElement)
  await seeTitle(canvas, 'Confluence is connected')
}

/** Presets of `confluence-connect/themes`. */
export const Harbor: S = { args: { appearance: { theme: harbor } }, play: seeSyncing }
export const HarborDark: S = { args: { appearance: { theme: { ...harbor, scheme: 'dark' } } }, play: seeSyncing }
export const Paper: S = { args: { appearance: { theme: paper } }, play: seeSyncing }
export const PaperDark: S = { args: { appearance: { theme: { ...paper, scheme: 'dark' } } }, play: seeSyncing }
export const Midnight: S = { args: { appearance: { theme: midnight } }, play: seeSyncing }
export const Contrast: S = { args: { appearance: { theme: contrast } }, play: seeSyncing }
export const ContrastDark: S = { args: { appearance: { theme: { ...contrast, scheme: 'dark' } } }, play: seeSyncing }

const shadcn = `.shadcn { --background: oklch(1 0 0); --foreground: oklch(0.145 0 0); --primary: oklch(0.205 0.03 280);
  --primary-foreground: oklch(0.985 0 0); --muted: oklch(0.97 0 0); --muted-foreground: oklch(0.5 0 0);
  --border: oklch(0.922 0 0); --ring: oklch(0.6 0 0); --radius: 0.625rem }
  .shadcn.dark { --background: oklch(0.145 0 0); --foreground: oklch(0.985 0 0); --primary: oklch(0.922 0 0);
  --primary-foreground: oklch(0.205 0 0); --muted: oklch(0.269 0 0); --muted-foreground: oklch(0.708 0 0);
  --border: oklch(0.35 0 0); --ring: oklch(0.7 0 0) }`

const inShadcn = (className: string): S => ({
  args: { appearance: { theme: 'shadcn' } },
  render: (props) => (
    <div className={className}>
      <style>{shadcn}</style>
      <Story {...props} />
    </div>
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const submit = await canvas.findByRole('button', { name: 'Continue to Atlassian' })
    const host = canvasElement.querySelector('.shadcn') ?? canvasElement
    const probe = host.appendChild(document.createElement('i'))
    probe.style.backgroundColor = 'var(--primary)'
    await expect(colorOf(submit, 'backgroundColor')).toBe(colorOf(probe, 'backgroundColor'))
    probe.remove()
  },
})

/** The host's own shadcn/ui variables. */
export const Shadcn: S = inShadcn('shadcn')
export const ShadcnDark: S = inShadcn('shadcn dark')

/** The variables of shadcn/ui before Tailwind 4. */
export const ShadcnHsl: S = {
  args: { appearance: { theme: shadcnHsl } },
  render: (props) => (
    <div className="old">
      <style>{`.old { --background: 0 0% 100%; --foreground: 222 47% 11%; --primary: 262 70% 45%; --primary-foreground: 210 40% 98%;
        --muted: 210 40% 96%; --muted-foreground: 215 16% 40%; --border: 214 32% 91%; --ring: 262 70% 45%; --radius: 0.5rem }`}</style>
      <Story {...props} />
    </div>
  ),
  play: async ({ canvasElement }) => {
    const submit = await within(canvasElement).findByRole('button', { name: 'Continue to Atlassian' })
    await expect(colorOf(submit, 'backgroundColor')).toBe('rgb(93, 34, 195)')
  },
}

/** One colour: what is written on it is black or white, whichever can be read. */
export const OnePaleColour: S = {
  args: { appearance: { variables: { colorPrimary: '#ffd24d' } } },
  play: async ({ canvasElement }) => {
    const submit = await within(canvasElement).findByRole('button', { name: 'Continue to Atlassian' })
    await expect(colorOf(submit, 'color')).toBe('color(xyz-d65 0 0 0)')
  },
}
export const OneDarkColour: S = {
  args: { appearance: { variables: { colorPrimary: '#5b21b6' } } },
  play: async ({ canvasElement }) => {
    const submit = await within(canvasElement).findByRole('button', { name: 'Continue to Atlassian' })
    await expect(colorOf(submit, 'color')).toBe('color(xyz-d65 0.9505 1 1.089)')
  },
}

/** Carbon's colour props of its first versions. */
export const CarbonColours: S = {
  args: {
    primaryBackgroundColor: '#0f766e',
    primaryTextColor: '#ffffff',
    secondaryBackgroundColor: '#f8fafc',
    secondaryTextColor: '#0f172a',
  },
  play: async ({ canvasElement }) => {
    const submit = await within(canvasElement).findByRole('button', { name: 'Continue to Atlassian' })
    await expect(colorOf(submit, 'backgroundColor')).toBe('rgb(15, 118, 110)')
    await expect(colorOf(submit, 'color')).toBe('rgb(255, 255, 255)')
  },
}

/** Class names of the host's on parts, by their state. */
export const OwnClasses: S = {
  args: {
    appearance: {
      elements: {
        title: 'host-title',
        line: ({ state, view }) => `host-line-${state} in-${view}`,
        button: ({ kind }) => `host-${kind}`,
      },
    },
  },
  render: (props) => (
    <>
      <style>{'.host-title { text-transform: uppercase } .cc-title.host-title { letter-spacing: 0.08em }'}</style>
      <Story {...props} />
    </>
  ),
  play: async (context) => {
    await seeSyncing?.(context)
    const { canvasElement } = context
    const title = canvasElement.querySelector('[data-cc-slot=title]') ?? canvasElement
    await expect(getComputedStyle(title).textTransform).toBe('uppercase')
    await expect(canvasElement.querySelector('.cc-line')).toHaveClass('host-line-syncing', 'in-syncing')
    await expect(canvasElement.querySelectorAll('.host-secondary').length).toBeGreaterThan(0)
  },
}

export const Compact: S = { args: { appearance: { options: { density: 'compact', radius: 'sm' } } }, play: seeSyncing }
export const LargeRadius: S = { args: { appearance: { options: { radius: 'lg' } } }, play: seeSyncing }
export const NoRadius: S = { args: { appearance: { options: { radius: 'none' } } }, play: seeSyncing }
export const OnlyTheAppsLogo: S = { args: { appearance: { options: { logo: 'app' } } }, play: seeSyncing }
export const WithoutMotion: S = {
  args: { appearance: { options: { animations: 'none' } } },
  play: async (context) => {
    await seeSyncing?.(context)
    const bead = context.canvasElement.querySelector('.cc-bead') ?? context.canvasElement
    await expect(getComputedStyle(bead).animationName).toBe('none')
  },
}

/** A part of the page instead of a dialog. It leaves the focus where it is until somebody is in it. */
export const Inline: S = {
  args: { mode: 'inline' },
  render: (props) => (
    <div style={{ padding: 24 }}>
      <Story {...props} />
    </div>
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const field = await canvas.findByRole('textbox')
    await expect(field).not.toHaveFocus()
    await expect(canvas.queryByRole('button', { name: 'Close' })).toBeNull()
    await userEvent.type(field, 'acme{Enter}')
    await seeTitle(canvas, 'Confluence is connected')
  },
}
export const InlineDark: S = { ...Inline, args: { mode: 'inline', theme: 'dark' } }
export const InlineAccounts: S = {
  ...Inline,
  args: { mode: 'inline', memory: { connections: [memoryConnection(1, memorySite('acme.atlassian.net'))] } },
  play: async ({ canvasElement }) => {
    const heading = await within(canvasElement).findByRole('heading', { name: 'Confluence in Acme Notes' })
    await expect(heading).toBeVisible()
  },
}

/** More than Confluence to connect: the host's own integration beside it. */
export const SeveralIntegrations: S = {
  args: {
    enabledIntegrations: ['CONFLUENCE', { id: 'DRIVE', name: 'Team Drive', onSelect: () => undefined }],
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await seeTitle(canvas, 'What should be connected to Acme Notes?')
    await userEvent.click(canvas.getByRole('button', { name: 'Confluence' }))
    await expect(await canvas.findByRole('textbox')).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Back' }))
    await seeTitle(canvas, 'What should be connected to Acme Notes?')
  },
}

/** It cannot be closed. */
export const AlwaysOpen: S = {
  args: { alwaysOpen: true },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await canvas.findByRole('textbox')
    await userEvent.keyboard('{Escape}')
    await expect(canvas.getByRole('dialog')).toBeVisible()
    await expect(canvas.queryByRole('button', { name: 'Close' })).toBeNull()
  },
}
