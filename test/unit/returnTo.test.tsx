import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ConnectError,
  type ConnectState,
  type SignInEvent,
  type UseConfluenceConnectOptions,
  useConfluenceConnect,
} from '../../src/index.ts'
import { openAddress } from '../../src/returnTo.ts'
import { createMemoryBackend, type MemoryBackendOptions, memorySite } from '../../src/testing.ts'

const halfway = { phase: 'pages', pages: { synced: 1, failed: 0, total: 3 } } as const
const start = new URL(location.href)
const assign = vi.fn<(url: string | URL) => void>()
const close = vi.fn()

beforeEach(() => {
  vi.spyOn(location, 'assign').mockImplementation(assign)
  vi.spyOn(window, 'close').mockImplementation(close)
})

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  assign.mockReset()
  close.mockReset()
  sessionStorage.clear()
  history.replaceState(null, '', start)
})

type Options = Partial<UseConfluenceConnectOptions>

const memoryOf = (memory: MemoryBackendOptions = {}) =>
  createMemoryBackend({ stepMs: 20, progress: [halfway], ...memory })

function mount(backend = memoryOf(), options: Options = {}) {
  const hook = renderHook(() => useConfluenceConnect({ backend, ...options }), { wrapper: StrictMode })
  const see = <Name extends ConnectState['name']>(name: Name) =>
    waitFor(
      () => {
        expect(hook.result.current.name).toBe(name)
        return hook.result.current as Extract<ConnectState, { name: Name }>
      },
      { timeout: 4000 },
    )
  const enter = async () => {
    const view = await see('enter')
    act(() => view.start('acme'))
  }
  return { see, enter, backend, ...hook }
}

/** The address that this tab, or a window, went to. */
const gone = async (to: { mock: { calls: unknown[][] } } = assign) => {
  await waitFor(() => expect(to.mock.calls).toHaveLength(1))
  return String(to.mock.calls[0]?.[0])
}

/** What the browser shows after the sign-in: this page again, loaded anew. */
const comeBack = (url: string) => history.replaceState({ of: 'the host' }, '', url)

/** A window that is opened on another address later. */
const fakeWindow = (closed = false) => {
  const replace = vi.fn()
  const popup = { closed, focus: vi.fn(), close: vi.fn(), location: { replace } }
  const open = vi.fn(() => popup)
  vi.stubGlobal('open', open)
  return { popup, replace, open }
}

const inFrame = () => vi.spyOn(window, 'top', 'get').mockReturnValue(null)

describe('a sign-in in this tab', () => {
  it('leaves the page, and goes on where it comes back to, with the address as it was', async () => {
    history.replaceState(null, '', '/settings?tab=a%20b&flag#connect')
    const onSuccess = vi.fn()
    const first = mount(memoryOf(), { signInMode: 'redirect', onSuccess })
    await first.enter()
    const url = await gone()
    expect(first.backend.inputs[0]).toMatchObject({ completion: 'return', returnUrl: location.href })
    expect(first.backend.calls).not.toContain('openSignIn')
    const proof = new URL(url).searchParams.get('cc_flow')
    first.unmount()

    comeBack(`/settings?tab=a%20b&flag&cc_flow=${proof}#connect`)
    const onResume = vi.fn()
    const second = mount(first.backend, { open: false, onResume, onSuccess })
    expect(await second.see('syncing')).toMatchObject({ connection: { site: memorySite('acme.atlassian.net') } })
    expect(location.href).toBe(new URL('/settings?tab=a%20b&flag#connect', start).href)
    expect(history.state).toEqual({ of: 'the host' })
    expect(onResume).toHaveBeenCalledTimes(1)
    expect(onSuccess.mock.calls.map(([{ action }]) => action)).toEqual(['INITIATE', 'ADD'])
    expect(close).not.toHaveBeenCalled()
    expect(JSON.stringify({ ...sessionStorage })).not.toContain(proof?.split('.')[1])
  })

  it('shows how a sign-in ended that gave no access', async () => {
    const first = mount(memoryOf({ signIn: 'access_denied' }), { signInMode: 'redirect' })
    await first.enter()
    const url = await gone()
    first.unmount()
    comeBack(url)
    const onError = vi.fn()
    const second = mount(first.backend, { onError })
    expect(await second.see('failed')).toMatchObject({ error: { code: 'access_denied' } })
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('tries again while the server cannot be reached, with what it came back with', async () => {
    const first = mount(memoryOf(), { signInMode: 'redirect' })
    await first.enter()
    const url = await gone()
    first.unmount()
    comeBack(url)
    const { backend } = first
    const completeFlow = vi
      .fn(backend.completeFlow)
      .mockRejectedValueOnce(new ConnectError('network', 'down'))
      .mockRejectedValueOnce(new ConnectError('network', 'down'))
    const second = renderHook(() => useConfluenceConnect({ backend: { ...backend, completeFlow } }))
    await waitFor(() => expect(second.result.current.name).toBe('syncing'), { timeout: 8000 })
    expect(new Set(completeFlow.mock.calls.map(([id, { proof }]) => `${id}.${proof}`)).size).toBe(1)
  })

  it('says so when it belongs to somebody else, and does not come back to that', async () => {
    comeBack('/?cc_flow=f_theirs.proof')
    const { see, backend } = mount(memoryOf({ failures: { completeFlow: 'state_invalid' } }))
    const failed = await see('failed')
    expect(failed).toMatchObject({ flowId: 'f_theirs', error: { code: 'state_invalid' } })
    expect(close).not.toHaveBeenCalled()
    act(() => failed.edit())
    await see('enter')
    expect(backend.calls.at(-1)).toBe('listConnections')
    expect(location.search).toBe('')
  })

  it.each(['?cc_flow', '?cc_flow=', '?cc_flow=f_1', '?cc_flow=.x'])(
    'takes %j for nothing of its own',
    async (query) => {
      comeBack(`/${query}`)
      const { see, backend } = mount()
      await see('enter')
      expect(backend.calls).not.toContain('completeFlow')
      expect(location.search).toBe(query)
    },
  )

  it('comes back to the path alone where the address is too long for the server', async () => {
    history.replaceState(null, '', `/long?q=${'x'.repeat(2000)}`)
    const { enter, backend } = mount(memoryOf(), { signInMode: 'redirect' })
    await enter()
    await gone()
    expect(backend.inputs[0]?.returnUrl).toBe(new URL('/long', start).href)
  })

  it('is a popup where the page is in a frame, or the backend cannot complete it', async () => {
    inFrame()
    const framed = mount(memoryOf({ signIn: 'blocked' }), { signInMode: 'redirect' })
    await framed.enter()
    expect(await framed.see('blocked')).toMatchObject({ continueHere: null })
    expect(framed.backend.inputs[0]).not.toHaveProperty('completion')
    framed.unmount()
    vi.restoreAllMocks()
    const { completeFlow, ...older } = memoryOf({ signIn: 'blocked' })
    const { result } = renderHook(() => useConfluenceConnect({ backend: older, signInMode: 'redirect' }))
    await waitFor(() => expect(result.current.name).toBe('enter'))
    act(() => result.current.name === 'enter' && result.current.start('acme'))
    await waitFor(() => expect(result.current).toMatchObject({ name: 'blocked', continueHere: null }))
  })
})

describe('a window that is held back', () => {
  it('can be left for this tab', async () => {
    const { enter, see, backend } = mount(memoryOf({ signIn: 'blocked' }))
    await enter()
    await waitFor(() => expect(backend.inputs).toHaveLength(1))
    const blocked = await see('blocked')
    act(() => blocked.continueHere?.())
    await gone()
    expect(backend.inputs[1]).toMatchObject({ completion: 'return', supersedes: 'flow_1' })
    await see('waiting')
  })

  it('is left for this tab by itself the second time', async () => {
    const { enter, see, backend } = mount(memoryOf({ signIn: 'blocked' }))
    await enter()
    await waitFor(() => expect(backend.inputs).toHaveLength(1))
    const blocked = await see('blocked')
    act(() => blocked.cancel())
    await enter()
    await gone()
    expect(backend.inputs.map(({ completion }) => completion)).toContain('return')
  })
})

describe('a window that cannot speak with the page', () => {
  it.each(['popup_no_opener', 'popup_closed'] as const)(
    'is opened again in a way that needs no word, after %s',
    async (code) => {
      const { replace, open } = fakeWindow()
      const { enter, see, backend } = mount(memoryOf({ signIn: code }))
      await enter()
      const failed = await see('failed')
      expect(failed.error.code).toBe(code)
      act(() => failed.retry())
      const url = await gone(replace)
      expect(open).toHaveBeenCalledWith('', expect.any(String), expect.stringContaining('popup'))
      expect(url).toContain('cc_flow=flow_2.')
      expect(backend.inputs[1]?.completion).toBe('return')
      await waitFor(async () => expect((await see('waiting')).window).toBe('open'))
      expect(assign).not.toHaveBeenCalled()
    },
  )

  it('is opened so at once by a page that is isolated', async () => {
    vi.stubGlobal('crossOriginIsolated', true)
    const { replace } = fakeWindow()
    const { enter, backend } = mount()
    await enter()
    await gone(replace)
    expect(backend.calls).not.toContain('openSignIn')
  })

  it('is left for this tab where it is held back as well, and in a frame says so', async () => {
    vi.stubGlobal('crossOriginIsolated', true)
    vi.stubGlobal('open', () => null)
    const first = mount()
    await first.enter()
    await gone()
    first.unmount()
    sessionStorage.clear()
    inFrame()
    const framed = mount()
    await framed.enter()
    expect(await framed.see('failed')).toMatchObject({ error: { code: 'popup_blocked' } })
    expect(framed.backend.inputs).toEqual([])
  })

  it('completes the sign-in that comes back in it, tells the page that began, and closes', async () => {
    const news = new BroadcastChannel('confluence-connect')
    const told = new Promise((resolve) => {
      news.onmessage = resolve
    })
    const backend = memoryOf()
    const { url } = await backend.createFlow({ site: 'acme', completion: 'return', returnUrl: start.href })
    comeBack(url ?? '')
    const { see } = mount(backend)
    await told
    news.close()
    await waitFor(() => expect(close).toHaveBeenCalled())
    // This one does not let itself be closed: the person goes on in it.
    await see('syncing')
    expect(backend.calls.filter((call) => call === 'confirmFlow')).toHaveLength(1)
  })

  it('hears of that, and of a window that was closed before it went anywhere', async () => {
    const { popup, replace } = fakeWindow()
    const events: SignInEvent[] = []
    const opened = openAddress(
      'window',
      () => {},
      (event) => events.push(event),
    )
    opened.deliver('https://connect.example/')
    expect(replace).toHaveBeenCalledWith('https://connect.example/')
    const news = new BroadcastChannel('confluence-connect')
    news.postMessage('flow_1')
    await waitFor(() => expect(events).toEqual([{ type: 'started' }, { type: 'done' }]))
    expect(opened.focus()).toBe(true)
    popup.closed = true
    expect(opened.focus()).toBe(false)
    opened.close()
    window.dispatchEvent(new Event('focus'))
    expect(popup.close).toHaveBeenCalledTimes(1)
    news.close()

    fakeWindow(true)
    const early = openAddress(
      'window',
      () => {},
      (event) => events.push(event),
    )
    early.deliver('https://connect.example/')
    early.release()
    expect(events.slice(2)).toEqual([{ type: 'closed' }])
  })
})

describe('a sign-in in a browser outside', () => {
  it('hands the address to the host and waits for the end', async () => {
    const openUrl = vi.fn()
    const { enter, see, backend } = mount(memoryOf({ signIn: 'pending' }), { openUrl, signInMode: 'redirect' })
    await enter()
    expect(await gone(openUrl)).toBe('about:blank#sign-in-flow_1')
    expect(backend.inputs[0]).toMatchObject({ completion: 'link' })
    expect(backend.inputs[0]).not.toHaveProperty('returnUrl')
    await waitFor(async () => expect((await see('waiting')).window).toBe('open'))
    act(() => backend.signIn('granted'))
    await see('syncing')
    expect(assign).not.toHaveBeenCalled()
  })

  it('goes on waiting where the host cannot open it, and reports that', async () => {
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const { enter, see } = mount(memoryOf({ signIn: 'pending' }), {
      openUrl: () => {
        throw new Error('no browser')
      },
    })
    await enter()
    await waitFor(() => expect(reported).toHaveBeenCalledTimes(1))
    act(() => void window.dispatchEvent(new Event('focus')))
    await waitFor(async () => expect((await see('waiting')).window).toBe('unattended'))
  })

  it('says so where the backend has no such address', async () => {
    const memory = memoryOf()
    const { see, enter } = mount(
      { ...memory, createFlow: async (input, call) => ({ ...(await memory.createFlow(input, call)), url: null }) },
      { openUrl: () => {} },
    )
    await enter()
    expect(await see('failed')).toMatchObject({
      error: { code: 'unknown', message: expect.stringContaining('address') },
    })
  })
})
