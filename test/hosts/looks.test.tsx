import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { goTo, ViewOf, views } from '../browser/views.tsx'
import { type Host, hosts } from './hosts.tsx'
import { differences, pictureOf } from './picture.ts'
import { ours, setSheets, sheetsOf } from './sheets.ts'

// The font is the host's by design. Nothing of the page behind shows through, nothing blinks, and every page scrolls: edges are
// smoothed otherwise on one that does.
const appearance = {
  variables: { font: 'sans-serif', colorBackdrop: 'rgb(120 130 140)' },
  options: { animations: 'none' },
} as const
const still = '.cc-input { caret-color: transparent } html { min-height: 1200px }'

beforeEach(() => page.viewport(1000, 900))
afterEach(() => {
  setSheets()
  sessionStorage.clear()
})

const dialog = () => pictureOf(page.getByRole('dialog').element())

/** How a view that is open differs from itself on an empty page. */
async function changes() {
  setSheets(ours, still)
  const alone = await dialog()
  const found: Record<string, object> = {}
  for (const [host, about] of Object.entries<Host>(hosts))
    for (const [order, sheets] of Object.entries(sheetsOf(about))) {
      setSheets(...sheets, still)
      found[`${host}, ${order}`] = differences(alone, await dialog())
    }
  expect(Object.keys(found)).toHaveLength(2 * Object.keys(hosts).length)
  return Object.entries(found).filter(([, where]) => Object.keys(where).length > 0)
}

describe.each(Object.keys(views))('%s', (name) => {
  it('looks on every page as it does on an empty one', async () => {
    setSheets(ours, still)
    await render(<ViewOf name={name} open theme="light" appearance={appearance} />)
    await goTo(name)
    expect(await changes()).toEqual([])
  })
})

it('looks the same in a language of its own, and has its breaks and glyphs', async () => {
  setSheets(ours, still)
  await render(<ViewOf name="enter" open theme="light" appearance={appearance} localization={{ locale: 'ja' }} />)
  await goTo('enter')
  const text = page.getByText(/become available/).element()
  expect(getComputedStyle(text).getPropertyValue('-webkit-locale')).toBe('"ja"')
  expect(await changes()).toEqual([])
})
