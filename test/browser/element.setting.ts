import { expect } from 'vitest'
import { type Locator, page, userEvent } from 'vitest/browser'
import '../../src/element.tsx'
import type { ConfluenceConnectElement, ElementProperties } from '../../src/element.tsx'
import { createMemoryBackend, type MemoryBackendOptions } from '../../src/testing.ts'

const made = new Set<Element>()

/** A page's own HTML, in the document until {@link clear}. */
export function html(markup: string): HTMLElement {
  const holder = document.createElement('div')
  holder.innerHTML = markup
  document.body.append(holder)
  made.add(holder)
  return holder
}

/** A page's own stylesheet, before all others. */
export function css(rules: string) {
  const style = document.createElement('style')
  style.textContent = rules
  document.head.prepend(style)
  made.add(style)
}

/** Takes away what a test put on the page, and lets the elements notice. */
export async function clear() {
  for (const element of made) element.remove()
  made.clear()
  await Promise.resolve()
  sessionStorage.clear()
}

/** The element as a page would write it, with a backend of its own. */
export function connect({
  attributes = '',
  inside = '',
  memory = {},
  ...properties
}: { attributes?: string; inside?: string; memory?: MemoryBackendOptions } & ElementProperties = {}) {
  const backend = createMemoryBackend({ stepMs: 50, ...memory })
  const holder = html(`<confluence-connect org-name="Acme Notes" ${attributes}>${inside}</confluence-connect>`)
  const element = holder.querySelector('confluence-connect')
  if (!element) throw new Error('There is no element.')
  Object.assign(element, { backend, ...properties })
  return { element, backend, holder }
}

/** What is in the element. */
export function within(element: ConfluenceConnectElement, selector: string): HTMLElement | null {
  return element.shadowRoot?.querySelector<HTMLElement>(selector) ?? null
}

/** Everything that an element tells from now on, by the name of the event. */
export function heard(
  element: ConfluenceConnectElement,
  name: 'cc-success' | 'cc-error' | 'cc-event' | 'cc-openchange',
) {
  const details: unknown[] = []
  element.addEventListener(name, (event: Event) => event instanceof CustomEvent && details.push(event.detail))
  return details
}

/** What has the focus, however deep it is, as a person would name it. */
export function deepFocused(): string | null {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element?.getAttribute('aria-label') ?? (element?.textContent || element?.tagName || null)
}

export const press = (keys: string) => userEvent.keyboard(keys)
export const field = page.getByRole('textbox', { name: 'Your Confluence site' })
export const title = (name: string) => page.getByRole('heading', { name })

/** Waits for the focus: in a shadow root, the document does not know where it is. */
export const focus = (locator: Locator) => expect.poll(() => locator.query()?.matches(':focus')).toBe(true)

/** Waits until what is rendered is seen, and effects have run. */
export const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
