import type { ReactNode } from 'react'
import { expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import '../../src/styles.css'
import { ConfluenceConnect, type ConfluenceConnectProps } from '../../src/index.ts'
import { createMemoryBackend, type MemoryBackendOptions } from '../../src/testing.ts'

/** Renders the component as a host would. */
export async function renderConnect(memory: MemoryBackendOptions, props: Partial<ConfluenceConnectProps> = {}) {
  const backend = createMemoryBackend({ stepMs: 50, ...memory })
  const element = (more: Partial<ConfluenceConnectProps> = {}): ReactNode => (
    <ConfluenceConnect orgName="Acme Notes" backend={backend} {...props} {...more}>
      <button type="button">Connect</button>
    </ConfluenceConnect>
  )
  const screen = await render(element())
  return { backend, screen, rerender: (more: Partial<ConfluenceConnectProps>) => screen.rerender(element(more)) }
}

/** Enters a site when it can be entered: the field gets the focus a moment after the view is there. */
export async function enterSite(site: string) {
  await expect.element(page.getByRole('textbox')).toHaveFocus()
  await userEvent.keyboard(`${site}{Enter}`)
}

/** What has the focus, as a person would name it. */
export const focused = () => {
  const element = document.activeElement
  return element?.getAttribute('aria-label') ?? (element?.textContent || element?.tagName)
}

/** Counts what a page starts: requests, timers and listeners. */
export function watchWork() {
  const spies = [
    vi.spyOn(window, 'fetch'),
    vi.spyOn(window, 'setTimeout'),
    vi.spyOn(window, 'setInterval'),
    vi.spyOn(window, 'addEventListener'),
    vi.spyOn(document, 'addEventListener'),
  ]
  return {
    calls: () => spies.flatMap((spy) => spy.mock.calls.map(() => spy.getMockName())),
    stop: () => {
      for (const spy of spies) spy.mockRestore()
    },
  }
}
