import type { Page } from 'playwright'
import { ROWS } from './rows.ts'

/** Something that a person does, and how much of it arrived. */
export interface Phase {
  name: string
  /** @returns how many inputs were given, and how many had their effect; left out where each moves to another row */
  run(page: Page): Promise<{ given: number; arrived?: number }>
}

const tree = (page: Page) => page.getByRole('tree')
const place = (page: Page) => tree(page).evaluate((element) => element.scrollTop)

/** Resolves when the tree is no longer scrolled: wheels are smoothed over some frames. */
async function settled(page: Page): Promise<number> {
  for (let before = -1; ; ) {
    const now = await place(page)
    if (now === before) return now
    before = now
    await page.waitForTimeout(200)
  }
}

/** Keys one right after the other, as soon as the page has taken the one before: faster than a key repeats that is held down. */
const keys = (names: string[], count: number): Phase => ({
  name: `${names.join(' and ')}, ${count} times`,
  async run(page) {
    for (let pressed = 0; pressed < count; pressed++) await page.keyboard.press(names[pressed % names.length] ?? '')
    return { given: count }
  },
})

/** Found once in the names of the rows. */
const text = 'marketing 1234'

export const phases: Phase[] = [
  {
    name: 'open the picker',
    async run(page) {
      await page.getByRole('button', { name: /^Choose pages/ }).click()
      await page.getByRole('treeitem').first().waitFor()
      return { given: 1, arrived: 1 }
    },
  },
  {
    name: `wheel down until all ${ROWS} are there`,
    async run(page) {
      await tree(page).hover()
      const atTheEnd = () =>
        tree(page).evaluate(
          (element, rows) =>
            element.scrollTop + element.clientHeight >= element.scrollHeight - 1 &&
            element.querySelector(`[aria-posinset="${rows}"]`) !== null,
          ROWS,
        )
      for (let wheels = 0; wheels < ROWS && !(await atTheEnd()); wheels++) await page.mouse.wheel(0, 800)
      return { given: 1, arrived: (await atTheEnd()) ? 1 : 0 }
    },
  },
  {
    name: 'wheel up, 200 times',
    async run(page) {
      const before = await settled(page)
      for (let count = 0; count < 200; count++) await page.mouse.wheel(0, -1000)
      return { given: 200, arrived: Math.round((before - (await settled(page))) / 1000) }
    },
  },
  {
    name: 'into the tree by keys',
    async run(page) {
      await page.getByRole('searchbox').focus()
      for (let presses = 0; presses < 2; presses++) await page.keyboard.press('Tab')
      await page.keyboard.press('Home')
      const focused = await tree(page).evaluate((element) => element === document.activeElement)
      return { given: 1, arrived: focused ? 1 : 0 }
    },
  },
  keys(['ArrowDown'], 1000),
  keys(['ArrowUp'], 500),
  keys(['PageDown'], 200),
  keys(['End', 'Home'], 100),
  {
    name: 'type a search',
    async run(page) {
      const field = page.getByRole('searchbox')
      await field.focus()
      await page.keyboard.type(text)
      const typed = await field.inputValue()
      await page.getByRole('treeitem', { name: new RegExp(text, 'i') }).waitFor()
      return { given: text.length, arrived: typed === text ? text.length : typed.length }
    },
  },
]
