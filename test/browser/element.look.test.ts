import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { clear, connect, css, within } from './element.setting.ts'

afterEach(clear)

const submit = page.getByRole('button', { name: 'Continue to Atlassian' })

const styleOf = (found: Element | null, pseudo?: string) => {
  if (!found) throw new Error('There is no such element.')
  return getComputedStyle(found, pseudo)
}

/** The look of an open element, once its first view is there. */
async function look(given: Parameters<typeof connect>[0] = {}) {
  const { element, holder } = connect({ theme: 'light', ...given })
  element.show()
  await expect.element(submit).toBeVisible()
  const part = (selector: string) => within(element, selector)
  return { element, holder, part, dialog: styleOf(part('.cc-dialog')), button: styleOf(part('.cc-button')) }
}

describe('tokens', () => {
  it('have their defaults where the page says nothing', async () => {
    const { dialog, button } = await look()
    expect(dialog.backgroundColor).toBe('rgb(255, 255, 255)')
    expect(button.backgroundColor).toBe('rgb(31, 41, 55)')
    expect(button.color).toBe('color(xyz-d65 0.9505 1 1.089)')
    expect(dialog.borderTopLeftRadius).toBe('14px')
  })

  it('are dark on their own', async () => {
    const { dialog, button } = await look({ theme: 'dark' })
    expect(dialog.backgroundColor).toBe('rgb(27, 31, 36)')
    expect(button.backgroundColor).toBe('rgb(242, 244, 247)')
  })

  it.each(['confluence-connect', 'body', ':root'])(
    'are what the page says on %s, and what is made of them follows',
    async (place) => {
      css(`${place} { --cc-color-primary: #ffd24d; --cc-color-backdrop: rgb(1 2 3); --cc-radius: 3px }`)
      const { dialog, button, part } = await look()
      expect(button.backgroundColor).toBe('rgb(255, 210, 77)')
      expect(button.color).toBe('color(xyz-d65 0 0 0)')
      expect(dialog.borderTopLeftRadius).toBe('3px')
      expect(styleOf(part('.cc-dialog'), '::backdrop').backgroundColor).toBe('rgb(1, 2, 3)')
    },
  )

  it('are what the nearest place says', async () => {
    css(':root { --cc-color-surface: rgb(1 2 3) } confluence-connect { --cc-color-surface: rgb(4 5 6) }')
    expect((await look()).dialog.backgroundColor).toBe('rgb(4, 5, 6)')
  })

  it('are what the appearance says, over the page', async () => {
    css('confluence-connect { --cc-color-primary: red; --cc-color-surface: rgb(4 5 6) }')
    const { dialog, button } = await look({
      appearance: { variables: { colorPrimary: 'rgb(7 8 9)', dark: { colorSurface: 'black' } } },
    })
    expect(button.backgroundColor).toBe('rgb(7, 8, 9)')
    expect(dialog.backgroundColor).toBe('rgb(4, 5, 6)')
  })

  it('keep the default for light where the appearance has but a dark one', async () => {
    const { dialog } = await look({ appearance: { variables: { dark: { colorSurface: 'rgb(1 2 3)' } } } })
    expect(dialog.backgroundColor).toBe('rgb(255, 255, 255)')
    await clear()
    const dark = await look({ theme: 'dark', appearance: { variables: { dark: { colorSurface: 'rgb(1 2 3)' } } } })
    expect(dark.dialog.backgroundColor).toBe('rgb(1, 2, 3)')
  })
})

describe('the page around', () => {
  it('styles parts, and nothing else inside', async () => {
    css('confluence-connect::part(button) { letter-spacing: 7px } button, .cc-button, * { background: red !important }')
    const { button } = await look()
    expect(button.letterSpacing).toBe('7px')
    expect(button.backgroundColor).toBe('rgb(31, 41, 55)')
  })

  it('says the direction', async () => {
    const { element, part, holder } = await look()
    const start = () => part('.cc-close')?.getBoundingClientRect().x ?? 0
    const leftToRight = start()
    holder.dir = 'rtl'
    expect(element.matches(':dir(rtl)')).toBe(true)
    expect(start()).toBeLessThan(leftToRight)
  })

  it('says whether it is dark, for the variables of shadcn/ui', async () => {
    css(':root { --primary: rgb(1 2 3) } .dark { --primary: rgb(4 5 6) }')
    const { element, holder, button, dialog } = await look({
      theme: undefined,
      appearance: { theme: 'shadcn', options: { animations: 'none' } },
    })
    expect([button.backgroundColor, dialog.colorScheme]).toEqual(['rgb(1, 2, 3)', 'normal'])
    document.documentElement.className = 'dark'
    await expect.poll(() => [button.backgroundColor, dialog.colorScheme]).toEqual(['rgb(4, 5, 6)', 'dark'])
    document.documentElement.className = ''
    await expect.poll(() => dialog.colorScheme).toBe('normal')
    element.close()
    holder.className = 'dark'
    element.show()
    await expect.element(submit).toBeVisible()
    expect(styleOf(within(element, '.cc-dialog')).colorScheme).toBe('dark')
  })

  it('finds no box of the element, so that a trigger lies in its text', async () => {
    const { element } = connect({ inside: '<button slot="trigger">Add</button>' })
    expect(getComputedStyle(element).display).toBe('contents')
    element.hidden = true
    expect(getComputedStyle(element).display).toBe('none')
  })
})
