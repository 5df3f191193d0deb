import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import '../../src/styles.css'
import { held, watchGoing } from './going.ts'
import { ViewOf } from './views.tsx'

// All without locators: they hold on to the elements that they found.
const buttons = () => [...document.querySelectorAll<HTMLElement>('button, [role=treeitem]')]

const press = (name: RegExp) =>
  vi.waitFor(() => {
    const button = buttons().find(({ ariaLabel, textContent }) => name.test(ariaLabel ?? textContent ?? ''))
    if (!button) throw new Error(`There is no ${name}.`)
    button.click()
  })

async function signIn() {
  const input = await vi.waitUntil(() => document.querySelector<HTMLInputElement>('.cc-input'))
  // As if typed: React and Preact listen for what the browser sets.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, 'acme')
  input.dispatchEvent(new Event('input', { bubbles: true }))
  // Preact renders a moment later.
  await new Promise(requestAnimationFrame)
  await press(/^Continue/)
}

/** From what is shown first to a view, and what its title says. */
const journeys: Record<string, { go?: () => Promise<void>; title: RegExp }> = {
  enter: { title: /^Connect Confluence to/ },
  waiting: { go: signIn, title: /^Finish signing in/ },
  choosing: { go: signIn, title: /^Which site/ },
  syncing: { go: signIn, title: /is connected$/ },
  accounts: { title: /^Confluence in/ },
  picker: {
    go: async () => {
      await press(/^Choose pages/)
      await press(/^Engineering/)
    },
    title: /^Choose what/,
  },
  pages: {
    go: async () => {
      await press(/^Pages:/)
      await vi.waitUntil(() => document.querySelector('.cc-row, .cc-cell'))
    },
    title: /^Pages in/,
  },
}

const closed = () => vi.waitUntil(() => !document.querySelector('dialog'))
const cycles = 10

afterEach(() => sessionStorage.clear())

describe.each(Object.entries(journeys))('%s', (name, { go, title }) => {
  it(`leaves nothing behind, opened and closed ${cycles} times`, async () => {
    const going = watchGoing()
    const host = document.body.appendChild(document.createElement('div'))
    const root = createRoot(host)
    const show = (number: number) =>
      root.render(
        <StrictMode>
          <ViewOf key={number} name={name} />
        </StrictMode>,
      )
    const cycle = async (number: number) => {
      show(number)
      await press(/^Connect Confluence$/)
      await go?.()
      await vi.waitUntil(() => title.test(document.querySelector('h2')?.textContent ?? ''))
      await press(/^Close$/)
      await closed()
      await press(/^Connect Confluence$/)
      await press(/^Close$/)
      await closed()
      root.render(null)
      await vi.waitUntil(() => host.childElementCount === 0)
      sessionStorage.clear()
    }
    show(0)
    await vi.waitUntil(() => buttons().length > 0)
    await expect.poll(going.list).toEqual([])
    await cycle(0)
    const before = await held()
    for (let number = 1; number <= cycles; number++) await cycle(number)
    // Preact tidies up a moment later.
    await expect.poll(going.list).toEqual([])
    const more = async () => {
      const { nodes, listeners } = await held()
      return Math.max(nodes - before.nodes, listeners - before.listeners)
    }
    await expect.poll(more).toBeLessThan(cycles)
    going.stop()
    root.unmount()
    host.remove()
  })
})
