import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import '../../src/styles.css'
import type { Theme } from '../../src/appearance.ts'
import { contrast, harbor, midnight, paper } from '../../src/themes.ts'
import { goTo, ViewOf, views } from '../browser/views.tsx'
import { colorAt, contrastOf } from './contrast.ts'
import { setMedia } from './emulate.ts'
import { controls } from './fit.ts'

afterEach(async () => {
  await setMedia({})
  sessionStorage.clear()
})

/** What lies on what, and how well it has to be told from it: text 4.5, edges of controls and signs 3. */
const pairs: [over: string, under: string, least: number][] = [
  ['on-surface', 'surface', 4.5],
  ['on-surface', 'muted', 4.5],
  ['on-muted', 'surface', 4.5],
  ['on-muted', 'muted', 4.5],
  ['on-primary', 'primary', 4.5],
  ['success', 'surface', 4.5],
  ['success', 'success-soft', 4.5],
  ['warning', 'surface', 4.5],
  ['warning', 'warning-soft', 4.5],
  ['danger', 'surface', 4.5],
  ['danger', 'danger-soft', 4.5],
  ['surface', 'danger', 4.5],
  ['primary', 'surface', 3],
  ['border-strong', 'surface', 3],
  ['border-strong', 'muted', 3],
  ['ring', 'surface', 3],
  ['progress', 'surface', 3],
  ['progress', 'muted', 3],
]
const themes: Record<string, Theme> = { 'no preset': { variables: {} }, harbor, paper, midnight, contrast }

describe.each(Object.entries(themes))('the colours of %s', (_, theme) => {
  it.each(['light', 'dark'] as const)('can be read, %s', async (scheme) => {
    await render(<ViewOf name="enter" open appearance={{ theme: { scheme, ...theme } }} />)
    const dialog = page.getByRole('dialog').element()
    const token = (name: string) => colorAt(dialog, `var(--cc-color-${name})`)
    const weak = pairs
      .map(([over, under, least]) => ({ over, under, least, is: contrastOf(token(over), token(under)) }))
      .filter(({ is, least }) => is < least)
    expect(weak).toEqual([])
  })
})

describe.each(['light', 'dark'] as const)('in forced colours, %s', (scheme) => {
  const forced = { 'forced-colors': 'active', 'prefers-color-scheme': scheme }

  // A theme of the other kind does not show through.
  it.each([
    ['enter', '.cc-line', 'color', 'Canvas'],
    ['waiting', '.cc-line', 'color', 'Canvas'],
    ['syncing', '.cc-line', 'color', 'Canvas'],
    ['synced', '.cc-line', 'color', 'Canvas'],
    ['failed', '.cc-line', 'color', 'Canvas'],
    ['failed', '.cc-knot', 'color', 'backgroundColor'],
    ['picker', '[aria-checked=true] .cc-checkbox', 'color', 'backgroundColor'],
    ['picker', '[aria-checked=true] .cc-checkbox', 'backgroundColor', 'Canvas'],
    ['picker', '[aria-checked=false] .cc-checkbox', 'borderColor', 'Canvas'],
  ] as const)('shows in the view %s of its %s the %s on %s', async (name, selector, over, under) => {
    await setMedia(forced)
    for (const theme of ['light', 'dark'] as const) {
      const screen = await render(<ViewOf name={name} open theme={theme} />)
      await goTo(name)
      const sign = getComputedStyle(document.querySelector(selector) ?? document.body)
      const ground = under === 'Canvas' ? colorAt(document.body, under) : sign[under]
      expect(contrastOf(sign[over], ground)).toBeGreaterThan(3)
      await screen.unmount()
      sessionStorage.clear()
    }
  })

  it.each(Object.keys(views))('shows what has the focus: %s', async (name) => {
    await setMedia(forced)
    await render(<ViewOf name={name} open />)
    await goTo(name)
    await userEvent.keyboard('{Tab}')
    const unseen = controls().filter((control) => {
      control.focus()
      const { outlineStyle, outlineWidth } = getComputedStyle(control.closest('.cc-field, .cc-check') ?? control)
      return outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2
    })
    expect(unseen).toEqual([])
  })
})

describe.each(Object.keys(views))('%s', (name) => {
  it('moves nothing where motion is reduced', async () => {
    await setMedia({ 'prefers-reduced-motion': 'reduce' })
    await render(<ViewOf name={name} open />)
    await goTo(name)
    expect(document.getAnimations()).toEqual([])
  })
})
