import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ConfluenceConnect } from '../src/index.ts'
import { memorySite } from '../src/testing.ts'
import { Story, type StoryProps, seeTitle, submitSite } from './setting.tsx'

const meta: Meta<StoryProps> = {
  title: 'Appearance',
  component: ConfluenceConnect,
  args: { orgName: 'Acme Notes', tosURL: 'https://example.com/terms', privacyPolicyURL: 'https://example.com/privacy' },
  render: (props) => <Story {...props} />,
}
export default meta

type S = StoryObj<StoryProps>

const phone = { viewport: { value: 'phone' } }
const sites = [memorySite('globex.atlassian.net', 'Globex'), memorySite('initech.atlassian.net', 'Initech')]
const progress = [{ phase: 'pages', pages: { synced: 310, failed: 2, total: 1240 }, secondsLeft: 130 }] as const

const long = {
  orgName: 'The Knowledge Platform of the United Federation of Very Long Organisation Names',
  memory: {
    account: {
      id: '1',
      name: 'Maximiliana Theodora Konstantinopolitanska-Wolfeschlegelsteinhausenbergerdorff',
      email: 'maximiliana.theodora.konstantinopolitanska@a-rather-long-company-name.example',
      avatarUrl: null,
    },
    progress: [...progress],
  },
}

const seeEnter: S['play'] = async ({ canvasElement }) => {
  const field = await within(canvasElement).findByRole('textbox')
  await waitFor(() => expect(field).toHaveFocus())
}

const seeSyncing: S['play'] = async ({ canvasElement }) => {
  const canvas = await submitSite(canvasElement)
  await seeTitle(canvas, 'Confluence is connected')
  await canvas.findByText('about 2 minutes left')
}

const seeChoice: S['play'] = async ({ canvasElement }) => {
  await seeTitle(await submitSite(canvasElement), 'Which site should be connected?')
}

const seeDenied: S['play'] = async ({ canvasElement }) => {
  await seeTitle(await submitSite(canvasElement), 'Access was not given')
}

const seeForeign: S['play'] = async ({ canvasElement }) => {
  await expect(await (await submitSite(canvasElement, 'github.com/acme')).findByRole('alert')).toBeVisible()
}

const seeWaiting: S['play'] = async ({ canvasElement }) => {
  const canvas = await submitSite(canvasElement)
  await expect(await canvas.findByRole('button', { name: 'Bring the window back' })).toBeVisible()
}

export const DarkEnter: S = { args: { theme: 'dark' }, play: seeEnter }
export const DarkForeignLink: S = { args: { theme: 'dark' }, play: seeForeign }
export const DarkWaiting: S = { args: { theme: 'dark', memory: { signIn: 'pending' } }, play: seeWaiting }
export const DarkChoice: S = { args: { theme: 'dark', memory: { sites } }, play: seeChoice }
export const DarkSyncing: S = { args: { theme: 'dark', memory: { progress: [...progress] } }, play: seeSyncing }
export const DarkError: S = { args: { theme: 'dark', memory: { signIn: 'access_denied' } }, play: seeDenied }

/** A sheet from the bottom edge. */
export const PhoneEnter: S = { globals: phone, play: seeEnter }
export const PhoneChoice: S = { globals: phone, args: { memory: { sites } }, play: seeChoice }
export const PhoneSyncing: S = { globals: phone, args: { memory: { progress: [...progress] } }, play: seeSyncing }
export const PhoneError: S = { globals: phone, args: { memory: { signIn: 'access_denied' } }, play: seeDenied }

/** Nothing is cut off, however long the names are. */
export const LongTexts: S = { args: long, play: seeSyncing }
export const LongTextsOnPhone: S = { globals: phone, args: long, play: seeSyncing }

/** The direction comes from the document around; host names stay left to right. */
export const RightToLeftEnter: S = { args: { dir: 'rtl' }, play: seeEnter }
export const RightToLeftSyncing: S = { args: { dir: 'rtl', memory: { progress: [...progress] } }, play: seeSyncing }

/** Without a logo, the first letter of the name stands in. */
export const NoBrandIcon: S = { args: { brandIcon: null }, play: seeEnter }

/** One rule of the host's stylesheet brings its colours in. */
export const HostColours: S = {
  render: (props) => (
    <>
      <style>
        {'.cc-root { --cc-color-primary: #6d28d9; --cc-color-primary-hover: #5b21b6; --cc-radius-control: 22px }'}
      </style>
      <Story {...props} theme="light" />
    </>
  ),
  play: async ({ canvasElement }) => {
    const button = await within(canvasElement).findByRole('button', { name: 'Continue to Atlassian' })
    await userEvent.unhover(button)
    await expect(getComputedStyle(button).borderRadius).toBe('22px')
  },
}
