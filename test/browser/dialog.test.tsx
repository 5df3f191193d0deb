import { type ReactNode, useEffect } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ConfluenceConnect } from '../../src/index.ts'
import { createMemoryBackend, memorySite } from '../../src/testing.ts'
import { enterSite, focused, renderConnect, watchWork } from './setting.tsx'

afterEach(() => sessionStorage.clear())

const press = (keys: string) => userEvent.keyboard(keys)

describe('the dialog', () => {
  it('takes the focus to its first field, and gives it back to the trigger', async () => {
    const { screen } = await renderConnect({})
    await screen.getByRole('button', { name: 'Connect' }).click()
    await expect.element(screen.getByRole('textbox', { name: 'Your Confluence site' })).toHaveFocus()
    await press('{Escape}')
    await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
    expect(focused()).toBe('Connect')
  })

  it('is modal: nothing behind it can be reached', async () => {
    const { screen } = await renderConnect({})
    await screen.getByRole('button', { name: 'Connect' }).click()
    await expect.element(screen.getByRole('dialog')).toBeVisible()
    for (let tab = 0; tab < 8; tab++) {
      await press('{Tab}')
      expect(focused()).not.toBe('Connect')
    }
  })

  it('leads Escape and its close button to setOpen(false)', async () => {
    const setOpen = vi.fn()
    const { screen } = await renderConnect({}, { open: true, setOpen })
    await expect.element(screen.getByRole('dialog')).toBeVisible()
    await press('{Escape}')
    await screen.getByRole('button', { name: 'Close' }).click()
    expect(setOpen.mock.calls).toEqual([[false], [false]])
    await expect.element(screen.getByRole('dialog')).toBeVisible()
  })

  it('is led through by keyboard alone, with the focus in each new view', async () => {
    const { screen } = await renderConnect({
      sites: [memorySite('globex.atlassian.net', 'Globex'), memorySite('initech.atlassian.net', 'Initech')],
    })
    await press('{Tab}')
    expect(focused()).toBe('Connect')
    await press('{Enter}')
    await expect.element(screen.getByRole('textbox')).toHaveFocus()
    await enterSite('acme')
    const choice = screen.getByRole('heading', { name: 'Which site should be connected?' })
    await expect.element(choice).toHaveFocus()
    await press('{Tab}{ArrowDown}')
    await expect.element(screen.getByRole('radio', { name: /Initech/ })).toBeChecked()
    await press('{Tab}')
    expect(focused()).toBe('Connect Initech')
    await press('{Enter}')
    await expect.element(screen.getByRole('heading', { name: '240 pages are in Acme Notes' })).toHaveFocus()
    await press('{Tab}')
    expect(focused()).toBe('Done')
    await press('{Enter}')
    await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
    expect(focused()).toBe('Connect')
  })

  it('takes the focus to an input that has to be corrected', async () => {
    const { screen } = await renderConnect({})
    await screen.getByRole('button', { name: 'Connect' }).click()
    await screen.getByRole('button', { name: 'Continue to Atlassian' }).click()
    const field = screen.getByRole('textbox')
    await expect.element(field).toHaveFocus()
    await expect.element(field).toHaveAccessibleDescription(/Enter the name of your Confluence site/)
    await expect.element(field).toHaveAttribute('aria-invalid', 'true')
  })

  it('asks before it disconnects, with the focus on the harmless answer', async () => {
    const { screen } = await renderConnect({ progress: [{ phase: 'queued' }] }, { open: true })
    await enterSite('acme')
    await screen.getByRole('button', { name: 'Not you? Disconnect' }).click()
    expect(focused()).toBe('Keep')
    await press('{Enter}')
    expect(focused()).toBe('Not you? Disconnect')
    await press('{Enter}{Shift>}{Tab}{/Shift}{Enter}')
    await expect.element(screen.getByRole('heading', { name: 'Confluence is disconnected' })).toHaveFocus()
  })

  it('tells progress in a live region that stays', async () => {
    const { screen } = await renderConnect({
      progress: [{ phase: 'pages', pages: { synced: 59, failed: 0, total: 100 } }],
    })
    await screen.getByRole('button', { name: 'Connect' }).click()
    const status = screen.getByRole('status').element()
    await enterSite('acme')
    await expect.element(screen.getByText('About 50 percent of the pages have arrived.')).toBeInTheDocument()
    expect(screen.getByRole('status').element()).toBe(status)
  })

  it('has the accessible name of what it is for', async () => {
    const { screen } = await renderConnect({}, { open: true })
    await expect.element(screen.getByRole('dialog', { name: 'Connect Confluence to Acme Notes' })).toBeVisible()
  })

  it.each([1280, 360])('keeps the line in place from view to view, %i px wide', async (width) => {
    await page.viewport(width, 800)
    const { screen, backend } = await renderConnect({ signIn: 'pending' }, { open: true })
    const line = () => document.querySelector('.cc-line')?.getBoundingClientRect()
    await Promise.all(
      document
        .querySelector('dialog')
        ?.getAnimations()
        .map(({ finished }) => finished) ?? [],
    )
    const { x, y } = line() ?? {}
    await enterSite('acme')
    await expect.element(screen.getByText(/This page goes on by itself/)).toBeVisible()
    expect(line()).toMatchObject({ x, y })
    backend.signIn('access_denied')
    await expect.element(screen.getByText('Access was not given')).toBeVisible()
    expect(line()).toMatchObject({ x, y })
  })
})

describe('while it is closed', () => {
  it('starts nothing, no more than a component that does nothing', async () => {
    const work = watchWork()
    const host = document.createElement('div')
    document.body.append(host)
    const backend = createMemoryBackend()
    const Nothing = () => {
      useEffect(() => undefined)
      return null
    }
    const startedBy = (element: ReactNode) => {
      const before = work.calls().length
      const root = createRoot(host)
      flushSync(() => root.render(element))
      const started = work.calls().length - before
      const { innerHTML } = host
      root.unmount()
      return { started, innerHTML }
    }
    const nothing = startedBy(<Nothing />)
    // The renderer goes about the effects of what was rendered.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    const closed = startedBy(<ConfluenceConnect orgName="Acme" backend={backend} open={false} />)
    work.stop()
    expect(closed).toEqual(nothing)
    expect(closed.innerHTML).toBe('')
    expect(backend.calls).toEqual([])
    host.remove()
  })

  it('leaves nothing behind when all is done', async () => {
    const { screen, backend } = await renderConnect({})
    for (let cycle = 0; cycle < 10; cycle++) {
      await screen.getByRole('button', { name: 'Connect' }).click()
      await expect.element(screen.getByRole('dialog')).toBeVisible()
      await press('{Escape}')
    }
    await screen.getByRole('button', { name: 'Connect' }).click()
    await enterSite('acme')
    await expect.element(screen.getByRole('heading', { name: '240 pages are in Acme Notes' })).toBeVisible()
    await press('{Escape}')
    const calls = backend.calls.length
    for (const name of ['focus', 'pageshow', 'online']) window.dispatchEvent(new Event(name))
    document.dispatchEvent(new Event('visibilitychange'))
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(backend.calls).toHaveLength(calls)
    expect(document.querySelectorAll('.cc-root')).toHaveLength(0)
    expect(sessionStorage).toHaveLength(0)
  })
})

describe('several on a page', () => {
  it('go their own ways', async () => {
    const first = createMemoryBackend({ signIn: 'pending' })
    const second = createMemoryBackend({ stepMs: 50 })
    const screen = await render(
      <>
        <ConfluenceConnect orgName="One" backend={first}>
          Open one
        </ConfluenceConnect>
        <ConfluenceConnect orgName="Two" backend={second}>
          Open two
        </ConfluenceConnect>
      </>,
    )
    await screen.getByRole('button', { name: 'Open one' }).click()
    await enterSite('acme')
    await expect.element(screen.getByRole('heading', { name: 'Finish signing in with Atlassian' })).toBeVisible()
    await press('{Escape}')
    await screen.getByRole('button', { name: 'Open two' }).click()
    await expect.element(screen.getByRole('heading', { name: 'Connect Confluence to Two' })).toBeVisible()
    await enterSite('globex')
    await expect.element(screen.getByRole('heading', { name: '240 pages are in Two' })).toBeVisible()
    await press('{Escape}')
    await screen.getByRole('button', { name: 'Open one' }).click()
    await expect.element(screen.getByRole('heading', { name: 'Finish signing in with Atlassian' })).toBeVisible()
  })
})

describe('the look', () => {
  it.each([
    ['light', 'rgb(255, 255, 255)'],
    ['dark', 'rgb(27, 31, 36)'],
  ] as const)('is %s', async (theme, background) => {
    await renderConnect({}, { open: true, theme })
    const dialog = document.querySelector('dialog')
    expect(dialog && getComputedStyle(dialog).backgroundColor).toBe(background)
  })

  it('takes the tokens of the host', async () => {
    const style = document.createElement('style')
    style.textContent = '.cc-root { --cc-color-surface: rgb(1, 2, 3) }'
    document.head.prepend(style)
    await renderConnect({}, { open: true, theme: 'light' })
    const dialog = document.querySelector('dialog')
    expect(dialog && getComputedStyle(dialog).backgroundColor).toBe('rgb(1, 2, 3)')
    style.remove()
  })

  it('does not move where the person asked for that', async () => {
    const moving = () => document.getAnimations().filter(({ playState }) => playState === 'running').length
    await renderConnect({ progress: [{ phase: 'pages', pages: { synced: 1, failed: 0, total: 9 } }] }, { open: true })
    await enterSite('acme')
    await expect.element(page.getByRole('progressbar')).toBeVisible()
    await expect.poll(moving).toBeGreaterThan(0)
    const prefer = (value: string) =>
      cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] })
    onTestFinished(async () => void (await prefer('')))
    await prefer('reduce')
    await expect.poll(moving).toBe(0)
  })
})
