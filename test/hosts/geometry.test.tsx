import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import '../../src/styles.css'
import { goTo, ViewOf, views } from '../browser/views.tsx'
import { setTouch } from './emulate.ts'
import { clipped, hiddenWhenFocused, smallTargets } from './fit.ts'

afterEach(async () => {
  await setTouch(false)
  sessionStorage.clear()
})

/** The last is 1280 px wide at 400 %. */
const rooms = [
  [1600, 1000],
  [1280, 800],
  [768, 1024],
  [480, 800],
  [360, 740],
  [320, 568],
  [320, 256],
] as const

const spacing = `.cc-root * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  .cc-root p { margin-block-end: 2em !important }`

describe.each(Object.keys(views))('%s', (name) => {
  it('fits into every room, with wide text as well', async () => {
    await page.viewport(1280, 800)
    await render(<ViewOf name={name} open appearance={{ options: { animations: 'none' } }} />)
    await goTo(name)
    const style = document.head.appendChild(document.createElement('style'))
    const found: Record<string, string[]> = {}
    for (const [text, css] of [
      ['', ''],
      [', wide text', spacing],
    ])
      for (const [width, height] of rooms) {
        style.textContent = css ?? ''
        await page.viewport(width, height)
        await new Promise(requestAnimationFrame)
        const room = `${width} × ${height}${text}`
        found[`${room}: clipped`] = clipped()
        found[`${room}: hidden when focused`] = hiddenWhenFocused()
        found[`${room}: small`] = smallTargets(24)
      }
    style.remove()
    expect(Object.entries(found).filter(([, what]) => what.length > 0)).toEqual([])
    expect(Object.keys(found)).toHaveLength(rooms.length * 6)
  })

  it.each(['comfortable', 'compact'] as const)('can be used with a finger, %s', async (density) => {
    await setTouch(true)
    await page.viewport(360, 740)
    await render(<ViewOf name={name} open appearance={{ options: { animations: 'none', density } }} />)
    await goTo(name)
    expect(smallTargets(44)).toEqual([])
  })
})
