import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { ConfluenceConnect } from '../../src/index.ts'
import { createMemoryBackend } from '../../src/testing.ts'

afterEach(() => {
  vi.restoreAllMocks()
  sessionStorage.clear()
})

describe('a page that came from a server', () => {
  it.each([
    ['closed', undefined, 'button'],
    ['open', true, 'dialog'],
  ] as const)('comes alive without a complaint when it is %s', async (_, open, role) => {
    const complaints = vi.spyOn(console, 'error').mockReturnValue()
    const app = (
      <StrictMode>
        <ConfluenceConnect orgName="Acme Notes" backend={createMemoryBackend()} open={open} />
      </StrictMode>
    )
    const host = document.createElement('div')
    host.innerHTML = renderToString(app)
    document.body.append(host)
    const served = host.firstElementChild
    // In a browser the server's renderer believes that there is a document; what it says of that is not about hydration.
    complaints.mockClear()
    const onRecoverableError = vi.fn()
    const root = hydrateRoot(host, app, { onRecoverableError })
    await expect.element(page.getByRole(role)).toBeVisible()
    await expect.poll(() => Object.keys(served ?? {}).some((key) => key.startsWith('__reactProps'))).toBe(true)
    expect(host.firstElementChild).toBe(served)
    expect(onRecoverableError).not.toHaveBeenCalled()
    expect(complaints.mock.calls).toEqual([])
    root.unmount()
    host.remove()
  })
})
