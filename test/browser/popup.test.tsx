import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Backend, SignInEvent, SignInWindow } from '../../src/index.ts'
import { openSignInWindow } from '../../src/popup.ts'
import { createMemoryBackend } from '../../src/testing.ts'
import { renderConnect } from './setting.tsx'

/** The popup's half, as the server's page speaks it; what it is told is shown in its title. */
const page = (script: string) =>
  URL.createObjectURL(new Blob([`<!doctype html><title>new</title><script>${script}</script>`], { type: 'text/html' }))

const speaking = page(`
  const ready = setInterval(() => opener.postMessage({ type: 'cc:ready' }, '*'), 20)
  addEventListener('message', ({ data, source }) => {
    if (source !== opener || data.type !== 'cc:start') return
    clearInterval(ready)
    document.title = data.secret
    opener.postMessage({ type: 'cc:started' }, '*')
  })`)
const mute = page(`
  opener.postMessage({ type: 'cc:ready' }, '*')
  addEventListener('message', ({ data }) => { document.title = data.secret })`)
const silent = page('')
const failing = page(`opener.postMessage({ type: 'cc:failed', code: 'origin_not_allowed' }, '*')`)

const windows: Window[] = []
let events: SignInEvent[] = []
let opened: SignInWindow | undefined
const realOpen = window.open.bind(window)

beforeEach(() => {
  events = []
  vi.spyOn(window, 'open').mockImplementation((...given) => {
    const popup = realOpen(...given)
    if (popup) windows.push(popup)
    return popup
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  opened?.release()
  for (const popup of windows.splice(0)) popup.close()
  sessionStorage.clear()
})

const open = (url: string) => {
  opened = openSignInWindow(url, (event) => events.push(event))
  return opened
}

const heard = (...types: SignInEvent['type'][]) =>
  vi.waitFor(() => expect(events.map(({ type }) => type)).toEqual(types), { timeout: 5000 })

describe('openSignInWindow', () => {
  it('hands the secret to the window that asks for it', async () => {
    const popup = open(speaking)
    expect(popup.opened).toBe(true)
    popup.deliver('s3cret')
    await heard('started')
    expect(windows[0]?.document.title).toBe('s3cret')
  })

  it('waits for a secret that comes later than the window', async () => {
    const popup = open(speaking)
    await vi.waitFor(() => expect(windows[0]?.document.title).toBe('new'))
    await new Promise((resolve) => setTimeout(resolve, 100))
    popup.deliver('later')
    await heard('started')
    expect(windows[0]?.document.title).toBe('later')
  })

  it('knows that the window was closed before it started', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    open(silent)
    windows[0]?.close()
    await heard('closed')
  })

  it('knows a window that was cut off while it is still looked at', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    open(silent)
    windows[0]?.close()
    await heard('failed')
    expect(events).toEqual([{ type: 'failed', code: 'popup_no_opener' }])
  })

  it('never takes "closed" for cancelled once it started', async () => {
    const popup = open(speaking)
    popup.deliver('s')
    await heard('started')
    windows[0]?.close()
    await new Promise((resolve) => setTimeout(resolve, 1200))
    await heard('started')
    expect(popup.focus()).toBe(false)
    window.dispatchEvent(new Event('focus'))
    await heard('started', 'unattended')
  })

  it('does not take a window that has spoken for one that never started, though it said nothing more', async () => {
    const popup = open(mute)
    popup.deliver('s3cret')
    await vi.waitFor(() => expect(windows[0]?.document.title).toBe('s3cret'))
    windows[0]?.close()
    await heard('unattended')
  })

  it('passes on why the window could not start', async () => {
    open(failing)
    await heard('failed')
    expect(events).toEqual([{ type: 'failed', code: 'origin_not_allowed' }])
  })

  it('listens to nobody but its window', async () => {
    const popup = open(silent)
    popup.deliver('s')
    for (const source of [window, null]) {
      for (const origin of [location.origin, 'https://evil.example']) {
        window.dispatchEvent(new MessageEvent('message', { data: { type: 'cc:started' }, source, origin }))
      }
    }
    window.dispatchEvent(
      new MessageEvent('message', { data: { type: 'cc:started' }, source: windows[0], origin: 'https://evil.example' }),
    )
    window.dispatchEvent(
      new MessageEvent('message', { data: 'cc:started', source: windows[0], origin: location.origin }),
    )
    expect(events).toEqual([])
    window.dispatchEvent(
      new MessageEvent('message', { data: { type: 'cc:started' }, source: windows[0], origin: location.origin }),
    )
    expect(events).toEqual([{ type: 'started' }])
  })

  it('is silent after it was released', async () => {
    const popup = open(speaking)
    popup.release()
    popup.deliver('s')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(events).toEqual([])
    expect(windows[0]?.closed).toBe(false)
  })
})

describe('a window that the browser holds back', () => {
  it('is opened by a real link, and goes through the same handshake', async () => {
    const memory = createMemoryBackend({ signIn: 'pending' })
    const secrets: string[] = []
    const backend: Backend = {
      ...memory,
      signInUrl: speaking,
      openSignIn: (onEvent) => {
        memory.openSignIn(onEvent)
        vi.mocked(window.open).mockReturnValueOnce(null)
        const popup = openSignInWindow(speaking, onEvent)
        const deliver = (secret: string) => {
          secrets.push(secret)
          popup.deliver(secret)
        }
        return { ...popup, deliver }
      },
    }
    const { screen } = await renderConnect({}, { backend, open: true })
    await screen.getByRole('textbox').fill('acme')
    await screen.getByRole('button', { name: 'Continue to Atlassian' }).click()
    const link = screen.getByRole('link', { name: 'Open sign-in window' })
    await expect.element(link).toHaveAttribute('target', '_blank')
    await expect.element(link).toHaveAttribute('rel', 'opener')
    await link.click()
    await expect.element(screen.getByRole('heading', { name: 'Finish signing in with Atlassian' })).toBeVisible()
    expect(secrets).toEqual(['secret of flow_1'])
  })
})
