import { afterEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { ConfluenceConnectElement } from '../../src/element.tsx'
import { clear, connect, field, focus, frame, html, press, title, within } from './element.setting.ts'
import { watchWork } from './setting.tsx'

afterEach(async () => {
  vi.restoreAllMocks()
  await clear()
})

/** Not yet in TypeScript. */
type MovableTo = HTMLElement & { moveBefore?(node: Node, before: null): void }

describe('in the document', () => {
  it('is defined once, however often it is loaded', async () => {
    const path = '../../src/element.tsx?again'
    const again: { ConfluenceConnectElement: unknown } = await import(/* @vite-ignore */ path)
    expect(again.ConfluenceConnectElement).not.toBe(ConfluenceConnectElement)
    expect(customElements.get('confluence-connect')).toBe(ConfluenceConnectElement)
  })

  it('starts nothing while it is closed', async () => {
    const work = watchWork()
    const { element, backend } = connect({ inside: '<button slot="trigger">Add</button>' })
    await frame()
    const started = work.calls()
    work.stop()
    expect(within(element, '.cc-mount')?.innerHTML).toBe('<slot name="trigger"></slot>')
    expect(backend.calls).toEqual([])
    // The renderer's own timer, for the effects of what it rendered.
    expect(started.filter((call) => call !== 'setTimeout')).toEqual([])
  })

  it('leaves nothing behind when it is taken out', async () => {
    const { element, backend, holder } = connect({
      attributes: 'open',
      inside: '<button slot="trigger">Add</button>',
      memory: { progress: [{ phase: 'pages' }] },
    })
    await focus(field)
    await press('acme{Enter}')
    await focus(title('Confluence is connected'))
    holder.remove()
    await vi.waitFor(() => expect(within(element, '.cc-mount')?.innerHTML).toBe(''))
    const calls = backend.calls.length
    for (const name of ['focus', 'pageshow', 'online']) window.dispatchEvent(new Event(name))
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(backend.calls).toHaveLength(calls)
    expect(element.querySelector('button')?.attributes).toHaveLength(1)
    document.body.append(holder)
    await expect.element(page.getByRole('dialog')).toBeVisible()
  })

  it.each([
    ['taken out and put in', (to: MovableTo, element: Element) => to.append(element)],
    [
      'moved in one step',
      (to: MovableTo, element: Element) => (to.moveBefore ?? to.insertBefore).call(to, element, null),
    ],
  ])('goes on as it was when it is %s', async (_, move) => {
    const { element } = connect({ attributes: 'open' })
    await focus(field)
    await press('acm')
    const dialog = within(element, 'dialog')
    move(html(''), element)
    await frame()
    expect(within(element, 'dialog')).toBe(dialog)
    expect(dialog?.matches(':modal')).toBe(true)
    await expect.element(field).toHaveValue('acm')
    expect(element.open).toBe(true)
    await press('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  })

  it('shares its stylesheet with all others, and its doings with none', async () => {
    const first = connect({ orgName: 'One', memory: { signIn: 'pending' } })
    const second = connect({ orgName: 'Two' })
    expect(first.element.shadowRoot?.adoptedStyleSheets).toEqual(second.element.shadowRoot?.adoptedStyleSheets)
    expect(first.element.shadowRoot?.adoptedStyleSheets[0]).toBe(second.element.shadowRoot?.adoptedStyleSheets[0])
    first.element.show()
    await focus(field)
    await press('acme{Enter}')
    await focus(title('Finish signing in with Atlassian'))
    first.element.close()
    second.element.show()
    await expect.element(title('Connect Confluence to Two')).toBeVisible()
    expect(second.backend.inputs).toEqual([])
    second.element.close()
    first.element.show()
    await expect.element(title('Finish signing in with Atlassian')).toBeVisible()
  })
})
