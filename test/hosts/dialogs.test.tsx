import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import '../../src/styles.css'
import { goTo, ViewOf } from '../browser/views.tsx'
import { hostDialogs, PageWithDialog } from './dialogs.tsx'
import { differences, pictureOf } from './picture.ts'

beforeEach(() => page.viewport(1000, 700))
afterEach(() => sessionStorage.clear())

const ours = () => page.getByRole('dialog', { name: 'Connect Confluence to Acme Notes' })
const theirs = () => page.getByRole('dialog', { name: 'Settings' })
const trigger = () => page.getByRole('button', { name: 'Connect Confluence' })
const heading = (name: string) => page.getByRole('heading', { name })

/** What the page's own dialog did to the page, and ours must leave as it was. */
const bodyStyle = () => [document.documentElement, document.body].map(({ style }) => style.cssText)

describe.each(Object.entries(hostDialogs))('in a dialog of %s', (_, Dialog) => {
  const open = async (name: string) => {
    const before = bodyStyle()
    const screen = await render(
      <PageWithDialog of={Dialog}>
        <ViewOf name={name} theme="light" appearance={{ options: { animations: 'none' } }} />
      </PageWithDialog>,
    )
    await page.getByRole('button', { name: 'Open settings' }).click()
    await expect.element(theirs()).toBeVisible()
    await expect.element(trigger()).toBeVisible()
    return { before, screen }
  }

  it('is led through by keyboard alone, and Escape closes one dialog after the other', async () => {
    const { before } = await open('synced')
    trigger().element().focus()
    await userEvent.keyboard('{Enter}')
    const field = page.getByRole('textbox', { name: 'Your Confluence site' })
    await expect.element(field).toHaveFocus()
    await userEvent.keyboard('acme')
    await expect.element(field).toHaveValue('acme')
    await userEvent.keyboard('{Enter}')
    await expect.element(heading('1,243 pages are in Acme Notes')).toHaveFocus()
    // Round and round, and never out of it.
    for (let tab = 0; tab < 12; tab++) {
      await userEvent.keyboard('{Tab}')
      expect(document.activeElement === document.body || ours().element().contains(document.activeElement)).toBe(true)
    }
    await userEvent.keyboard('{Escape}')
    await expect.element(ours()).not.toBeInTheDocument()
    await expect.element(theirs()).toBeVisible()
    await expect.element(trigger()).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(theirs()).not.toBeInTheDocument()
    await expect.poll(bodyStyle).toEqual(before)
  })

  it('is led through by the pointer, which closes nothing else', async () => {
    await open('synced')
    await trigger().click()
    await page.getByRole('textbox').fill('acme')
    await page.getByRole('button', { name: 'Continue to Atlassian' }).click()
    await expect.element(heading('1,243 pages are in Acme Notes')).toBeVisible()
    // Beside ours is neither ours nor theirs.
    await userEvent.click(ours(), { position: { x: -40, y: 10 }, force: true })
    await expect.element(ours()).toBeVisible()
    await page.getByRole('button', { name: 'Done' }).click()
    await expect.element(ours()).not.toBeInTheDocument()
    await expect.element(theirs()).toBeVisible()
    await expect.element(trigger()).toHaveFocus()
  })

  it('scrolls its lists, and the page behind stays where it is', async () => {
    await open('pages')
    await trigger().click()
    await goTo('pages')
    const body = document.querySelector('.cc-body')
    await userEvent.wheel(page.getByRole('row').nth(3), { direction: 'down', times: 3 })
    await expect.poll(() => body?.scrollTop).toBeGreaterThan(0)
    expect(window.scrollY).toBe(0)
  })

  it('leaves the page as it was when their dialog goes first', async () => {
    const { before, screen } = await open('enter')
    await trigger().click()
    await expect.element(ours()).toBeVisible()
    await screen.rerender(<p>Gone</p>)
    await expect.element(page.getByText('Gone')).toBeVisible()
    await expect.poll(bodyStyle).toEqual(before)
  })

  it.each(['enter', 'blocked', 'syncing', 'failed', 'accounts', 'picker', 'pages'])(
    'looks as on an empty page: %s',
    async (name) => {
      const appearance = {
        variables: { font: 'sans-serif', colorBackdrop: 'rgb(120 130 140)' },
        options: { animations: 'none' },
      } as const
      const view = <ViewOf name={name} open theme="light" appearance={appearance} />
      const taken = async () => {
        await goTo(name)
        return pictureOf(ours().element())
      }
      const alone = await render(view)
      const before = await taken()
      await alone.unmount()
      sessionStorage.clear()
      await render(
        <Dialog open setOpen={() => {}}>
          {view}
        </Dialog>,
      )
      expect(differences(before, await taken())).toEqual({})
    },
  )
})
