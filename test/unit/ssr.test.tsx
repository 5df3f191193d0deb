// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ConfluenceConnect } from '../../src/index.ts'
import { createMemoryBackend } from '../../src/testing.ts'

const complaints = vi.spyOn(console, 'error')
beforeEach(() => void complaints.mockClear())
afterEach(() => expect(complaints.mock.calls).toEqual([]))

it('renders the trigger and nothing else where there is no document', () => {
  expect(typeof document).toBe('undefined')
  const backend = createMemoryBackend()
  expect(renderToString(<ConfluenceConnect orgName="Acme" backend={backend} />)).toBe(
    '<button type="button" part="trigger" data-cc-slot="trigger" class="cc-root cc-trigger" data-theme="auto" aria-haspopup="dialog" aria-expanded="false">Connect Confluence</button>',
  )
  expect(backend.calls).toEqual([])
})

it('renders a modal that is open from the start, hidden until it is alive', () => {
  const html = renderToString(<ConfluenceConnect orgName="Acme" backend={createMemoryBackend()} open />)
  expect(html).toMatch(/^<dialog [^>]*class="cc-root cc-dialog"/)
  expect(html).not.toContain(' open')
})
