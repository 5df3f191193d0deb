import { type ReactNode, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ConfluenceConnect, type ConfluenceConnectProps } from '../src/index.ts'
import { createMemoryBackend, type MemoryBackendOptions } from '../src/testing.ts'

/** The component's props, and what its backend in memory plays. */
export interface StoryProps extends ConfluenceConnectProps {
  memory?: MemoryBackendOptions
  dir?: 'ltr' | 'rtl'
}

/** A stand-in for the logo of a host. */
const brandIcon: ReactNode = (
  <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
    <rect x="2" y="2" width="20" height="20" rx="6" fill="#e4572e" />
    <path d="M7.5 16.5L12 7l4.5 9.5M9.2 13.4h5.6" fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
  </svg>
)

/** The component on an empty page, with a backend of its own. */
export function Story({ memory, dir, ...props }: StoryProps) {
  const [backend] = useState(() => createMemoryBackend(memory))
  const [open, setOpen] = useState(true)
  const dark = props.theme === 'dark'
  return (
    <div
      dir={dir}
      style={{ minHeight: '100vh', font: '14px/1.5 system-ui, sans-serif', background: dark ? '#0f1216' : '#eceef1' }}
    >
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      <ConfluenceConnect brandIcon={brandIcon} backend={backend} open={open} setOpen={setOpen} {...props} />
    </div>
  )
}

type Canvas = ReturnType<typeof within>

/** Enters a site and goes on to the sign-in. */
export async function submitSite(canvasElement: HTMLElement, site = 'acme'): Promise<Canvas> {
  const canvas = within(canvasElement)
  await userEvent.type(await canvas.findByRole('textbox'), site)
  await userEvent.click(canvas.getByRole('button', { name: 'Continue to Atlassian' }))
  return canvas
}

/** Waits for a view by its title, which has the focus then. */
export async function seeTitle(canvas: Canvas, name: string | RegExp) {
  const title = await canvas.findByRole('heading', { level: 2, name }, { timeout: 5000 })
  await waitFor(() => expect(title).toHaveFocus())
}
