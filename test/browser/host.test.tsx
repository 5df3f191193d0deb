import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ConfluenceConnect } from '../../src/index.ts'
import { createMemoryBackend } from '../../src/testing.ts'
import { enterSite, renderConnect } from './setting.tsx'

afterEach(() => sessionStorage.clear())

describe('a trigger of the host', () => {
  it.each([
    ['a text', 'Connect it'],
    ['a span', <span key="span">Connect it</span>],
    ['a fragment', <>Connect it</>],
    [
      'a button',
      <button type="button" key="button">
        Connect it
      </button>,
    ],
  ])('can be pressed when it is %s', async (_, trigger) => {
    const screen = await render(
      <ConfluenceConnect orgName="Acme Notes" backend={createMemoryBackend()}>
        {trigger}
      </ConfluenceConnect>,
    )
    const button = screen.getByRole('button', { name: 'Connect it' })
    await expect.element(button).toBeVisible()
    button.element().focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(screen.getByRole('dialog')).toBeVisible()
  })
})

describe('a host that controls the modal', () => {
  it('is asked to show it again after a reload', async () => {
    const backend = createMemoryBackend({ signIn: 'pending' })
    const first = await render(<ConfluenceConnect orgName="Acme" backend={backend} open setOpen={() => {}} />)
    await enterSite('acme')
    await expect.element(page.getByRole('heading', { name: 'Finish signing in with Atlassian' })).toBeVisible()
    await first.unmount()
    const setOpen = vi.fn()
    await render(<ConfluenceConnect orgName="Acme" backend={backend} open={false} setOpen={setOpen} />)
    await expect.poll(() => setOpen.mock.calls).toEqual([[true]])
  })
})

describe('a host that resets elements after our stylesheet', () => {
  it('changes neither the size of controls nor their colours', async () => {
    const style = document.createElement('style')
    style.textContent = `* { box-sizing: content-box } button { all: unset }
      [type='button'], [type='submit'] { background-color: transparent; background-image: none }
      input:not([type='checkbox'], [type='radio']) { height: 60px; padding: 16px; border: 3px solid red }`
    document.head.append(style)
    await renderConnect({}, { open: true, theme: 'light' })
    await expect.element(page.getByRole('textbox')).toBeVisible()
    const dialog = page.getByRole('dialog').element()
    const submit = page.getByRole('button', { name: 'Continue to Atlassian' }).element()
    const field = page.getByRole('textbox', { name: 'Your Confluence site' }).element()
    expect(getComputedStyle(submit).backgroundColor).toBe('rgb(31, 41, 55)')
    expect(submit.getBoundingClientRect().right).toBeLessThanOrEqual(dialog.getBoundingClientRect().right)
    expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth)
    expect(field.getBoundingClientRect().height).toBeLessThanOrEqual(44)
    style.remove()
  })
})

describe('a host that hides what is around it, and lets nothing there be pressed or selected', () => {
  it('has a dialog of ours in it that can be seen, pressed and copied from', async () => {
    await render(
      <div style={{ visibility: 'hidden', pointerEvents: 'none', userSelect: 'none', cursor: 'wait' }}>
        <ConfluenceConnect orgName="Acme" backend={createMemoryBackend()} open />
      </div>,
    )
    const text = page.getByText(/can never change them/)
    await expect.element(text).toBeVisible()
    const { userSelect, cursor, pointerEvents } = getComputedStyle(text.element())
    expect({ userSelect, cursor, pointerEvents }).toEqual({ userSelect: 'text', cursor: 'auto', pointerEvents: 'auto' })
    await page.getByRole('textbox').click()
    await expect.element(page.getByRole('textbox')).toHaveFocus()
  })
})

describe('the first view', () => {
  it('leads back to where the host says, in this tab', async () => {
    const opened = vi.spyOn(window, 'open').mockReturnValue(null)
    await renderConnect({}, { open: true, navigateBackURL: 'https://example.com/settings' })
    await page.getByRole('button', { name: 'Back' }).click()
    expect(opened.mock.calls).toEqual([['https://example.com/settings', '_self']])
    opened.mockRestore()
  })
})

describe('a host around it', () => {
  it('hears neither of its clicks nor of its Escape, and is not submitted by its Enter', async () => {
    const heard = vi.fn()
    const screen = await render(
      // An entry of a menu of the host’s that can be dragged, in a form that asks to be saved when something was changed in it.
      <form onSubmit={heard} onChange={heard}>
        <div role="menuitem" tabIndex={0} onClick={heard} onKeyDown={heard} onPointerDown={heard}>
          <ConfluenceConnect orgName="Acme" backend={createMemoryBackend({ signIn: 'pending' })} open setOpen={heard} />
        </div>
      </form>,
    )
    await screen.getByRole('textbox').click()
    await userEvent.keyboard('acme{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Finish signing in with Atlassian' })).toBeVisible()
    expect(heard).not.toHaveBeenCalled()
    document.addEventListener('keydown', heard)
    await userEvent.keyboard('{Escape}')
    expect(heard.mock.calls).toEqual([[false]])
    document.removeEventListener('keydown', heard)
    expect(document.querySelectorAll('form form')).toHaveLength(0)
  })
})
