import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type Backend,
  type ConnectState,
  type OnSuccessData,
  type UseConfluenceConnectOptions,
  useConfluenceConnect,
} from '../../src/index.ts'
import { createMemoryBackend, type MemoryBackendOptions, memoryConnection, memorySite } from '../../src/testing.ts'

const done = { phase: 'done', pages: { synced: 3, failed: 0, total: 3 } } as const
const halfway = { phase: 'pages', pages: { synced: 1, failed: 0, total: 3 } } as const
const acme = memorySite('acme.atlassian.net')

afterEach(() => {
  vi.useRealTimers()
  // Nothing may go on after the last test: there is no window any more then.
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

function start(memory: MemoryBackendOptions, options: Partial<UseConfluenceConnectOptions> = {}) {
  const backend = createMemoryBackend({ stepMs: 20, ...memory })
  const hook = renderHook(
    (more: Partial<UseConfluenceConnectOptions>) => useConfluenceConnect({ backend, ...options, ...more }),
    {
      initialProps: {},
      wrapper: StrictMode,
    },
  )
  const state = () => hook.result.current
  const see = <Name extends ConnectState['name']>(name: Name) =>
    waitFor(
      () => {
        expect(state().name).toBe(name)
        return state() as Extract<ConnectState, { name: Name }>
      },
      { timeout: 5000 },
    )
  const enter = async (site = 'acme') => {
    const view = await see('enter')
    act(() => view.start(site))
  }
  return { backend, state, see, enter, ...hook }
}

describe('useConfluenceConnect', () => {
  it('goes from the site to the synced pages, and tells the host', async () => {
    const events: OnSuccessData[] = []
    const { see, enter, backend } = start(
      { progress: [halfway, done] },
      { onSuccess: (event) => events.push(event), useRequestIds: true, tags: { a: 1 } },
    )
    await enter()
    expect(await see('synced')).toMatchObject({ connection: { site: acme }, progress: done })
    const request_id = backend.inputs[0]?.requestId
    expect(request_id).toMatch(/^cc-[A-Za-z0-9]{20}$/)
    const common = { status: 200, integration: 'CONFLUENCE' }
    const data_source_external_id = memoryConnection(1, acme).externalId
    expect(events).toEqual([
      { ...common, action: 'INITIATE', event: 'INITIATE', data: { request_id } },
      { ...common, action: 'ADD', event: 'ADD', data: { data_source_external_id, sync_status: 'SYNCING', request_id } },
      {
        ...common,
        action: 'UPDATE',
        event: 'UPDATE',
        data: { data_source_external_id, sync_status: 'READY', request_id, files_synced: true },
      },
    ])
    expect(backend.inputs[0]).toEqual({
      site: 'acme.atlassian.net',
      requestId: request_id,
      tags: { a: 1 },
      syncFilesOnConnection: true,
      syncSourceItems: true,
      incrementalSync: false,
      fileSyncConfig: {},
    })
  })

  it('calls the callback of the latest render', async () => {
    const first = vi.fn()
    const second = vi.fn()
    const { see, enter, rerender, backend } = start({ signIn: 'pending', progress: [done] }, { onSuccess: first })
    await enter()
    await waitFor(() => expect(first).toHaveBeenCalledTimes(1))
    rerender({ onSuccess: second })
    act(() => backend.signIn('granted'))
    await see('synced')
    expect(first).toHaveBeenCalledTimes(1)
    expect(second.mock.calls.map(([{ action }]) => action)).toEqual(['ADD', 'UPDATE'])
  })

  it('opens the window within the click, before the server was asked for anything', async () => {
    const { see, backend } = start({ signIn: 'pending' })
    const asked: string[][] = []
    const open = backend.openSignIn
    backend.openSignIn = (onEvent) => {
      asked.push(backend.calls.filter((call) => call === 'createFlow'))
      return open(onEvent)
    }
    const { start: press } = await see('enter')
    act(() => {
      press('acme')
      expect(asked).toEqual([[]])
    })
    await see('waiting')
    expect(backend.calls.filter((call) => call === 'createFlow')).toEqual(['createFlow'])
  })

  it.each([
    ['the page', () => document.dispatchEvent(new Event('visibilitychange'))],
    ['the window', () => window.dispatchEvent(new Event('focus'))],
    ['the network', () => window.dispatchEvent(new Event('online'))],
  ])('looks again at once when a person comes back to %s', async (_, come) => {
    const { see, enter, backend } = start({ signIn: 'pending' })
    await enter()
    await see('waiting')
    const looks = () => backend.calls.filter((call) => call === 'getFlow').length
    await waitFor(() => expect(looks()).toBeGreaterThan(0))
    // From here on no time passes: what is asked for is asked for because somebody came back.
    vi.useFakeTimers()
    const before = looks()
    await act(async () => come())
    expect(looks()).toBe(before + 1)
  })

  it('does nothing while it is closed', async () => {
    const { backend, rerender } = start({}, { open: false })
    rerender({})
    expect(backend.calls).toEqual([])
    rerender({ open: true })
    await waitFor(() => expect(backend.calls).toContain('listConnections'))
  })

  it('goes on with a sign-in that was started, when it is closed', async () => {
    const onSuccess = vi.fn()
    const { enter, backend, rerender, see } = start({ signIn: 'pending', progress: [halfway] }, { onSuccess })
    await enter()
    await see('waiting')
    rerender({ open: false })
    act(() => backend.signIn('granted'))
    await see('syncing')
    expect(onSuccess.mock.calls.map(([{ action }]) => action)).toEqual(['INITIATE', 'ADD'])
  })

  it('resumes after a reload, and tells nothing twice', async () => {
    const onSuccess = vi.fn()
    const memory = createMemoryBackend({ stepMs: 20, progress: [halfway] })
    const first = start({}, { backend: memory, onSuccess })
    await first.enter()
    await first.see('syncing')
    first.unmount()
    const second = start({}, { backend: memory, onSuccess })
    expect(await second.see('syncing')).toMatchObject({ connection: { site: acme } })
    expect(onSuccess.mock.calls.map(([{ action }]) => action)).toEqual(['INITIATE', 'ADD'])
    expect(JSON.stringify({ ...sessionStorage })).not.toContain('secret')
  })

  it('goes on by itself after a reload, and says whether the person was looking at it', async () => {
    const memory = createMemoryBackend({ stepMs: 20, signIn: 'pending', progress: [halfway] })
    const first = start({}, { backend: memory })
    await first.enter()
    await first.see('waiting')
    first.unmount()
    const onResume = vi.fn()
    const onSuccess = vi.fn()
    const second = start({}, { backend: memory, open: false, onResume, onSuccess })
    await second.see('waiting')
    expect(onResume).toHaveBeenCalledTimes(1)
    act(() => {
      memory.signIn('granted')
      window.dispatchEvent(new Event('focus'))
    })
    await second.see('syncing')
    expect(onSuccess.mock.calls.map(([{ action }]) => action)).toEqual(['ADD'])
    second.unmount()
    const third = start({}, { backend: memory, open: false, onResume })
    await third.see('syncing')
    expect(onResume).toHaveBeenCalledTimes(1)
  })

  it('is done when a connection is made without a sync', async () => {
    const onSuccess = vi.fn()
    const memory = createMemoryBackend({ stepMs: 20 })
    const { enter, see } = start({}, { backend: { ...memory, getSync: async () => null }, onSuccess })
    await enter()
    expect(await see('synced')).toMatchObject({ progress: null })
    expect(onSuccess.mock.calls.map(([{ action }]) => action)).toEqual(['INITIATE', 'ADD'])
  })

  it('says that it is connected when the sign-in was faster than Cancel', async () => {
    const onSuccess = vi.fn()
    const memory = createMemoryBackend({ stepMs: 20, signIn: 'pending', progress: [halfway] })
    const cancelFlow: Backend['cancelFlow'] = async (id) => {
      memory.signIn('granted')
      const [site] = (await memory.getFlow(id))?.sites ?? []
      return memory.confirmFlow(id, { cloudId: site?.cloudId ?? '' })
    }
    const { enter, see } = start({}, { backend: { ...memory, cancelFlow }, onSuccess })
    await enter()
    await waitFor(() => expect(onSuccess).toHaveBeenCalledTimes(1))
    const waiting = await see('waiting')
    act(() => waiting.cancel())
    await see('syncing')
    expect(onSuccess.mock.calls.map(([{ action }]) => action)).toEqual(['INITIATE', 'ADD'])
  })

  it('tells of one cancellation once, however often Cancel is pressed', async () => {
    const onSuccess = vi.fn()
    const { enter, see } = start({ signIn: 'pending' }, { onSuccess })
    await enter()
    await waitFor(() => expect(onSuccess).toHaveBeenCalledTimes(1))
    const waiting = await see('waiting')
    act(() => {
      waiting.cancel()
      waiting.cancel()
    })
    await see('enter')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(onSuccess.mock.calls.map(([{ action }]) => action)).toEqual(['INITIATE', 'CANCEL'])
  })

  it('leads from a long sync to another site, which does not end the sync', async () => {
    const { enter, see, backend } = start({ progress: [halfway] })
    await enter()
    const syncing = await see('syncing')
    act(() => syncing.restart())
    await see('enter')
    await waitFor(async () => expect(await see('enter')).toMatchObject({ connections: [{ status: 'active' }] }))
    expect(backend.calls).not.toContain('disconnect')
    expect((await backend.getSync(syncing.connection.id))?.phase).toBe('pages')
  })

  it('tells of a failed sign-in once, reloads included', async () => {
    const onError = vi.fn()
    const memory = createMemoryBackend({ stepMs: 20, signIn: 'access_denied' })
    const first = start({}, { backend: memory, onError })
    await first.enter()
    await first.see('failed')
    first.unmount()
    const second = start({}, { backend: memory, onError })
    await second.see('failed')
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('tells of no misconfiguration while it is closed', () => {
    const onError = vi.fn()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { rerender } = renderHook(
      (options: Partial<UseConfluenceConnectOptions>) => useConfluenceConnect({ onError, ...options }),
      {
        initialProps: { open: false },
      },
    )
    expect(onError).not.toHaveBeenCalled()
    rerender({ open: true })
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('leaves a flow to the component that has it', async () => {
    const backend = createMemoryBackend({ signIn: 'pending' })
    const first = start({}, { backend })
    await first.enter()
    await first.see('waiting')
    const second = start({}, { backend })
    await second.see('enter')
    expect(first.state().name).toBe('waiting')
  })

  it('starts anew when the flow of before the reload is gone', async () => {
    const memory = createMemoryBackend({ signIn: 'pending' })
    const first = start({}, { backend: memory })
    await first.enter()
    await first.see('waiting')
    first.unmount()
    const second = start({}, { backend: { ...memory, getFlow: async () => null } })
    await waitFor(() => expect(sessionStorage).toHaveLength(0))
    expect(second.state()).toMatchObject({ name: 'enter', site: '', problem: null })
  })

  it('replaces a flow that is opened again', async () => {
    const { see, enter, backend } = start({ signIn: 'unattended' })
    await enter()
    const waiting = await waitFor(async () => {
      const view = await see('waiting')
      expect(view.window).toBe('unattended')
      return view
    })
    act(() => waiting.reopen())
    await waitFor(() => expect(backend.inputs[1]).toMatchObject({ site: 'acme.atlassian.net', supersedes: 'flow_1' }))
  })

  it('cancels', async () => {
    const onSuccess = vi.fn()
    const { see, enter, backend } = start({ signIn: 'pending' }, { onSuccess })
    await enter()
    await waitFor(() => expect(onSuccess).toHaveBeenCalledTimes(1))
    const waiting = await see('waiting')
    act(() => waiting.cancel())
    expect(await see('enter')).toMatchObject({ site: 'acme.atlassian.net', problem: null })
    expect(backend.calls).toContain('cancelFlow')
    expect(onSuccess).toHaveBeenLastCalledWith({
      status: 200,
      integration: 'CONFLUENCE',
      action: 'CANCEL',
      event: 'CANCEL',
      data: { data_source_external_id: null, sync_status: null, request_id: null },
    })
  })

  it('connects the site that was chosen', async () => {
    const globex = memorySite('globex.atlassian.net', 'Globex')
    const { see, enter } = start({ sites: [acme, globex], progress: [halfway] })
    await enter()
    const choosing = await see('choosing')
    act(() => choosing.confirm(globex.cloudId))
    expect(await see('syncing')).toMatchObject({ connection: { site: globex } })
  })

  it('disconnects', async () => {
    const { see, enter } = start({ progress: [halfway] })
    await enter()
    const syncing = await see('syncing')
    act(() => syncing.disconnect())
    expect(await see('disconnected')).toMatchObject({ connection: { status: 'disconnected' } })
  })

  it('says why it could not disconnect', async () => {
    const { see, enter, state } = start({ progress: [halfway], failures: { disconnect: 'network' } })
    await enter()
    const syncing = await see('syncing')
    act(() => syncing.disconnect())
    await waitFor(() => expect(state()).toMatchObject({ name: 'syncing', disconnecting: { code: 'network' } }))
  })

  it('begins with the accounts where there are some, and shows one of them', async () => {
    const { see } = start({
      connections: [memoryConnection(5, acme), { ...memoryConnection(6, acme), status: 'disconnected' }],
      progress: [done],
    })
    const accounts = await see('accounts')
    expect(accounts.connections.map(({ id }) => id)).toEqual([5, 6])
    act(() => accounts.connections[0] && accounts.show(accounts.connections[0]))
    const synced = await see('synced')
    expect(synced).toMatchObject({ connection: { id: 5 } })
    act(() => synced.back?.())
    const again = await see('accounts')
    act(() => again.add())
    const enter = await see('enter')
    act(() => enter.back?.())
    await see('accounts')
  })

  it('asks for the site where the accounts cannot be listed', async () => {
    const { see } = start({ failures: { listConnections: 'network' } })
    expect(await see('enter')).toMatchObject({ connections: [], back: null })
  })

  it('syncs, stops and ends an account from the list, and tells the host', async () => {
    const onEvent = vi.fn()
    const onSuccess = vi.fn()
    const { see, backend } = start(
      { connections: [memoryConnection(5, acme)], progress: [halfway, done], stepMs: 60 },
      { onEvent, onSuccess, dataSourcePollingInterval: 1 },
    )
    const { connections, sync, cancelSync, disconnect } = await see('accounts')
    const connection = connections[0] ?? expect.fail()
    await act(() => sync(connection))
    await act(() => cancelSync(connection))
    await act(() => sync(connection))
    expect(backend.syncs).toEqual([{}, {}])
    await waitFor(async () => expect((await see('accounts')).connections[0]?.syncStatus).toBe('SYNCING'))
    await waitFor(() => expect(onSuccess).toHaveBeenCalledWith(expect.objectContaining({ action: 'UPDATE' })), {
      timeout: 6000,
    })
    await act(() => disconnect(connection))
    await waitFor(async () => expect((await see('accounts')).connections[0]?.status).toBe('disconnected'))
    const names = onEvent.mock.calls.map(([{ name }]) => name)
    expect(names).toEqual(
      expect.arrayContaining(['open', 'view', 'sync_started', 'sync_cancelled', 'sync_started', 'disconnected']),
    )
  })

  it('lets the caller know why an account could not be synced', async () => {
    const { see } = start({ connections: [memoryConnection(5, acme)], failures: { startSync: 'rate_limited' } })
    const { connections, sync } = await see('accounts')
    await expect(sync(connections[0] ?? expect.fail())).rejects.toMatchObject({ code: 'rate_limited', retryable: true })
  })

  it('picks pages after the sign-in where nothing syncs by itself', async () => {
    const { see, enter, backend } = start(
      { progress: [done] },
      { enabledIntegrations: [{ id: 'CONFLUENCE', useCarbonFilePicker: true, syncFilesOnConnection: false }] },
    )
    await enter()
    const picker = await see('picker')
    await act(() => picker.sync({ spaces: ['s1'] }))
    await see('synced')
    expect(backend.syncs).toEqual([{ spaces: ['s1'] }])
  })

  it('offers a choice where there is more than Confluence', async () => {
    const onSelect = vi.fn()
    const onLeave = vi.fn()
    const enabledIntegrations = ['CONFLUENCE', 'NOTION', { id: 'DRIVE', name: 'Drive', onSelect }]
    const { see, rerender } = start({}, { enabledIntegrations, onLeave })
    const { integrations, choose } = await see('integrations')
    expect(integrations.map(({ name }) => name)).toEqual(['Confluence', 'Drive'])
    act(() => choose('DRIVE'))
    expect([onSelect.mock.calls.length, onLeave.mock.calls.length]).toEqual([1, 1])
    act(() => choose('CONFLUENCE'))
    const enter = await see('enter')
    act(() => enter.back?.())
    await see('integrations')
    rerender({ entryPoint: 'CONFLUENCE' })
    await see('enter')
  })

  it('tells of nothing before it opens, and of its closing once', async () => {
    const onEvent = vi.fn()
    const { rerender, see } = start({}, { onEvent, open: false })
    await act(async () => {})
    expect(onEvent).not.toHaveBeenCalled()
    rerender({ open: true })
    await see('enter')
    rerender({ open: false })
    const names = onEvent.mock.calls.map(([{ name }]) => name)
    expect(names.filter((name) => name !== 'view')).toEqual(['open', 'close'])
  })

  it('passes on the scopes that Confluence is to be asked for', async () => {
    const { enter, backend } = start({}, { enabledIntegrations: [{ id: 'CONFLUENCE', scopes: ['read:x'] }] })
    await enter()
    await waitFor(() => expect(backend.inputs[0]?.scopes).toEqual(['read:x']))
  })

  it('tells each step once, in order, with nothing about the person', async () => {
    const onEvent = vi.fn()
    const { see, enter, rerender } = start({ progress: [halfway, done] }, { onEvent })
    await enter()
    await see('synced')
    rerender({ open: false })
    await waitFor(() => expect(onEvent).toHaveBeenCalledWith(expect.objectContaining({ name: 'close' })))
    const events = onEvent.mock.calls.map(([event]) => event)
    const named = (name: string) => events.filter((event) => event.name === name)
    const milestones = events.map(({ name }) => name).filter((name) => !['view', 'sync_progress'].includes(name))
    expect(milestones).toEqual([
      'open',
      'subdomain_submitted',
      'popup_opened',
      'authorize_started',
      'authorize_returned',
      'confirmed',
      'sync_started',
      'sync_completed',
      'close',
    ])
    expect(named('sync_completed')).toMatchObject([{ count: 3, connectionId: 1, view: 'synced' }])
    expect(named('confirmed')).toMatchObject([{ flowId: 'flow_1' }])
    expect(JSON.stringify(events)).not.toMatch(/jane|acme/i)
  })

  it.each(['session_invalid', 'network', 'origin_not_allowed'] as const)(
    'reports %s of the first call, and tries again when asked',
    async (code) => {
      const onError = vi.fn()
      const { see, enter, backend } = start({ failures: { createFlow: code } }, { onError })
      await enter()
      const failed = await see('failed')
      expect(failed).toMatchObject({ site: 'acme.atlassian.net', error: { code } })
      await waitFor(() => expect(onError).toHaveBeenCalledTimes(1))
      expect(onError).toHaveBeenCalledWith({
        status: 400,
        integration: 'CONFLUENCE',
        action: 'ERROR',
        event: 'ERROR',
        data: [{ message: failed.error.message, code, retryable: failed.error.retryable, flow_id: null }],
      })
      act(() => failed.retry())
      await waitFor(() => expect(backend.calls.filter((call) => call === 'createFlow')).toHaveLength(2))
    },
  )

  it('keeps trying, quietly, when the server does not answer while it waits', async () => {
    const onError = vi.fn()
    const { see, enter, state } = start({ signIn: 'pending', failures: { getFlow: 'network' } }, { onError })
    await enter()
    await see('waiting')
    await waitFor(() => expect(state()).toMatchObject({ name: 'waiting', unreachable: true }), { timeout: 4000 })
    expect(onError).not.toHaveBeenCalled()
  })

  it('asks the server again, and opens no window, when asking failed', async () => {
    const failures: MemoryBackendOptions['failures'] = { getFlow: 'session_expired' }
    const { see, enter, backend } = start({ signIn: 'pending', failures })
    await enter()
    const failed = await see('failed')
    delete failures.getFlow
    act(() => failed.retry())
    await see('waiting')
    expect(backend.calls.filter((call) => call === 'openSignIn')).toHaveLength(1)
  })

  it('is not harmed by a callback that throws', async () => {
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const broken = new Error('The host failed.')
    const { see, enter } = start(
      { progress: [done] },
      {
        onSuccess: () => {
          throw broken
        },
      },
    )
    await enter()
    await see('synced')
    expect(reported.mock.calls).toEqual([[broken], [broken], [broken]])
  })

  it.each([
    [{ apiURL: null }, /apiURL is not set, and environment="PRODUCTION"/],
    [{ apiURL: '/api' }, /apiURL is "\/api", which is not an absolute URL/],
    [{ apiURL: 'http://localhost:8000', tokenFetcher: undefined }, /tokenFetcher is not set/],
  ])('tells a developer what to set: %o', (given, reason) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const options = { tokenFetcher: async () => ({ access_token: 't' }), ...given }
    const { result } = renderHook(() => useConfluenceConnect(options))
    expect(result.current).toMatchObject({ name: 'failed', error: { code: 'unknown' } })
    expect(log).toHaveBeenCalledTimes(1)
    expect(log.mock.calls[0]?.[0]).toMatch(reason)
    log.mockRestore()
  })

  it.each([[[]], [['SLACK']]])('says once that %o has no Confluence, and offers it', async (enabledIntegrations) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const backend = createMemoryBackend()
    const { result, rerender } = renderHook(() => useConfluenceConnect({ backend, enabledIntegrations }))
    rerender()
    await waitFor(() => expect(result.current.name).toBe('enter'))
    expect(log.mock.calls).toEqual([[expect.stringContaining("Add 'CONFLUENCE' to enabledIntegrations")]])
    log.mockRestore()
  })

  it.each([['Confluence'], ['confluence'], [{ id: 'CONFLUENCE', incrementalSync: true }]])(
    'accepts %o',
    async (integration) => {
      const { enter, backend } = start({}, { enabledIntegrations: [integration], fileSyncConfig: { x: 1 } })
      await enter()
      await waitFor(() =>
        expect(backend.inputs[0]).toMatchObject({
          incrementalSync: typeof integration === 'object',
          fileSyncConfig: { x: 1 },
        }),
      )
    },
  )
})
