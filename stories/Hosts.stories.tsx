import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ConfluenceConnect } from '../src/index.ts'
import { hostDialogs, PageWithDialog } from '../test/hosts/dialogs.tsx'
import { type Host, hosts, Sample } from '../test/hosts/hosts.tsx'
import { Story, type StoryProps, seeTitle, submitSite } from './setting.tsx'

const done = { phase: 'done', pages: { synced: 1240, failed: 0, total: 1240 } } as const

/** The component in pages that style every element, and in dialogs that keep the focus to themselves. */
const meta: Meta<StoryProps> = {
  title: 'Hosts',
  component: ConfluenceConnect,
  args: { orgName: 'Acme Notes', memory: { progress: [done] } },
}
export default meta

type S = StoryObj<StoryProps>

const onAPage = ({ css, classes }: Host): S => ({
  render: (props) => (
    <>
      <style>{css}</style>
      <Story {...props} />
      <Sample classes={classes} />
    </>
  ),
  play: async ({ canvasElement }) => {
    // The page has a text field of its own.
    const dialog = await within(canvasElement).findByRole('dialog', { name: /^Connect/ })
    const canvas = await submitSite(dialog)
    await seeTitle(canvas, '1,240 pages are in Acme Notes')
  },
})

export const Tailwind3: S = onAPage(hosts['Tailwind 3'])
export const Tailwind4: S = onAPage(hosts['Tailwind 4'])
export const Bootstrap5: S = onAPage(hosts['Bootstrap 5'])

const inADialog = (Dialog: (typeof hostDialogs)[keyof typeof hostDialogs]): S => ({
  render: (props) => (
    <PageWithDialog of={Dialog}>
      <Story {...props} open={undefined} setOpen={undefined} />
    </PageWithDialog>
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement.ownerDocument.body)
    await userEvent.click(canvas.getByRole('button', { name: 'Open settings' }))
    await userEvent.click(await canvas.findByRole('button', { name: 'Connect Confluence' }))
    await submitSite(canvasElement.ownerDocument.body)
    await seeTitle(canvas, '1,240 pages are in Acme Notes')
    await userEvent.click(canvas.getByRole('button', { name: 'Done' }))
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Connect Confluence' })).toHaveFocus())
    await expect(canvas.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  },
})

export const InAMuiDialog: S = inADialog(hostDialogs.MUI)
export const InARadixDialog: S = inADialog(hostDialogs.Radix)
