import { describe, expect, it } from 'vitest'
import type { Flow, SyncProgress } from '../../src/contract.ts'
import { ConnectError } from '../../src/errors.ts'
import {
  firstStep,
  reduceStep,
  type ServerFacts,
  type Step,
  type StepEvent,
  siteToConfirm,
  type ViewOptions,
  viewOf,
} from '../../src/flow.ts'
import { memoryConnection, memorySite } from '../../src/testing.ts'

const acme = memorySite('acme.atlassian.net', 'Acme')
const globex = memorySite('globex.atlassian.net', 'Globex')
const connection = memoryConnection(1, acme)
const error = new ConnectError('network', 'No answer.')

const signIn: Step = { at: 'signIn', site: 'acme.atlassian.net', flowId: 'f1', window: 'open', chosen: null }
const resume: Step = { at: 'resume', flowId: 'f1', chosen: null }

const flow: Flow = {
  id: 'f1',
  status: 'created',
  requestedSite: 'acme.atlassian.net',
  account: null,
  sites: [],
  connection: null,
  error: null,
  expiresAt: '2026-11-02T09:20:00Z',
}

const progress: SyncProgress = {
  connectionId: 1,
  phase: 'pages',
  spaces: 1,
  pages: { synced: 1, failed: 0, total: null },
  requests: 1,
  points: 1,
  rateLimitedUntil: null,
  secondsLeft: null,
  error: null,
  startedAt: null,
  finishedAt: null,
}

const plain: ViewOptions = { requireConfirmation: false, integrations: [], picksPages: false }

const nothing: ServerFacts = { flow: undefined, progress: undefined, connections: [], unreachable: false, error: null }

describe('reduceStep', () => {
  const cases: [string, Step, StepEvent, Partial<Step>][] = [
    [
      'explains an input',
      firstStep,
      { type: 'rejected', site: 'x y', problem: { kind: 'empty' } },
      { at: 'enter', site: 'x y' },
    ],
    [
      'opens the window',
      firstStep,
      { type: 'signInOpened', site: 'a', blocked: false },
      { at: 'signIn', window: 'opening', flowId: null },
    ],
    [
      'is told that the window is blocked',
      firstStep,
      { type: 'signInOpened', site: 'a', blocked: true },
      { window: 'blocked' },
    ],
    ['starts over', signIn, { type: 'signInOpened', site: 'a', blocked: false }, { window: 'opening', flowId: null }],
    ['has a flow', { ...signIn, flowId: null }, { type: 'flowCreated', flowId: 'f2' }, { flowId: 'f2' }],
    ['ignores a flow that comes too late', firstStep, { type: 'flowCreated', flowId: 'f2' }, firstStep],
    [
      'goes on in a window that a link opened',
      { ...signIn, window: 'blocked' },
      { type: 'windowStarted' },
      { window: 'open' },
    ],
    ['loses sight of the window', signIn, { type: 'windowUnattended' }, { window: 'unattended' }],
    [
      'stays blocked while nobody opened a window',
      { ...signIn, window: 'blocked' },
      { type: 'windowUnattended' },
      { window: 'blocked' },
    ],
    ['chooses a site', signIn, { type: 'siteChosen', cloudId: 'c' }, { chosen: 'c' }],
    ['chooses a site after a reload', resume, { type: 'siteChosen', cloudId: 'c' }, { at: 'resume', chosen: 'c' }],
    [
      'fails, and remembers for which site',
      signIn,
      { type: 'failed', error },
      { at: 'failed', site: 'acme.atlassian.net', flowId: 'f1', error },
    ],
    ['resumes', firstStep, { type: 'resumed', flowId: 'f1' }, resume],
    ['does not resume over something else', signIn, { type: 'resumed', flowId: 'f9' }, signIn],
    ['shows a connection', firstStep, { type: 'connectionOpened', connection }, { at: 'connection', connection }],
    ['ends the access', signIn, { type: 'disconnected', connection }, { at: 'disconnected', connection }],
    [
      'goes back to the start',
      signIn,
      { type: 'restarted', site: 'acme' },
      { at: 'enter', site: 'acme', problem: null },
    ],
  ]
  it.each(cases)('%s', (_, step, event, expected) => {
    expect(reduceStep(step, event)).toMatchObject(expected)
  })
})

describe('viewOf', () => {
  const authorized: Flow = { ...flow, status: 'authorized', sites: [acme] }
  const connected: Flow = { ...authorized, status: 'connected', connection }
  const cases: [string, Step, Partial<ServerFacts>, object][] = [
    ['waits for what there is', firstStep, { connections: undefined }, { name: 'opening' }],
    ['asks for the site where there is nothing', firstStep, {}, { name: 'enter', connections: [] }],
    [
      'shows the accounts where there are some',
      firstStep,
      { connections: [connection] },
      { name: 'accounts', connections: [connection] },
    ],
    ['picks', { at: 'picker', connection }, {}, { name: 'picker', connection }],
    ['lists pages', { at: 'pages', connection }, {}, { name: 'pages', connection }],
    [
      'waits for the window',
      { ...signIn, flowId: null, window: 'opening' },
      {},
      { name: 'waiting', window: 'opening' },
    ],
    ['waits for the person', signIn, { flow }, { name: 'waiting', window: 'open', site: 'acme.atlassian.net' }],
    [
      'says that the server does not answer',
      signIn,
      { flow, unreachable: true },
      { name: 'waiting', unreachable: true },
    ],
    ['offers a link', { ...signIn, window: 'blocked' }, { flow }, { name: 'blocked' }],
    ['looks where a resumed flow stands', resume, {}, { name: 'resuming' }],
    [
      'cannot see the window after a reload',
      resume,
      { flow },
      { name: 'waiting', window: 'unattended', site: 'acme.atlassian.net' },
    ],
    ['starts anew when the resumed flow is gone', resume, { flow: null }, { name: 'enter' }],
    ['does not ask when exactly the requested site was granted', signIn, { flow: authorized }, { name: 'waiting' }],
    [
      'asks when several were granted',
      signIn,
      { flow: { ...authorized, sites: [acme, globex] } },
      { name: 'choosing', chosen: null },
    ],
    ['asks when another was granted', signIn, { flow: { ...authorized, sites: [globex] } }, { name: 'choosing' }],
    [
      'shows what was chosen',
      { ...signIn, chosen: 'c' },
      { flow: { ...authorized, sites: [globex] } },
      { name: 'choosing', chosen: 'c' },
    ],
    ['shows the connection at once', signIn, { flow: connected }, { name: 'syncing', progress: null }],
    ['shows progress', signIn, { flow: connected, progress }, { name: 'syncing', progress }],
    ['shows the end', signIn, { flow: connected, progress: { ...progress, phase: 'done' } }, { name: 'synced' }],
    [
      'shows a failed sync',
      signIn,
      { flow: connected, progress: { ...progress, phase: 'failed' } },
      { name: 'stopped', error: { code: 'sync_failed' } },
    ],
    [
      'shows why a sync failed',
      signIn,
      { flow: connected, progress: { ...progress, phase: 'failed', error: { code: 'rate_limited', message: '' } } },
      { name: 'stopped', error: { code: 'rate_limited' } },
    ],
    [
      'shows a cancelled sync',
      signIn,
      { flow: connected, progress: { ...progress, phase: 'cancelled' } },
      { name: 'stopped' },
    ],
    [
      'shows a connection that was opened',
      { at: 'connection', connection },
      { progress },
      { name: 'syncing', connection },
    ],
    [
      'shows that access ended',
      { at: 'connection', connection: { ...connection, status: 'reconnect_needed' } },
      {},
      { name: 'stopped', error: { code: 'reconnect_needed' } },
    ],
    [
      'shows why a flow failed',
      signIn,
      { flow: { ...flow, status: 'failed', error: { code: 'access_denied', message: '' } } },
      { name: 'failed', flowId: 'f1', error: { code: 'access_denied' } },
    ],
    [
      'shows that a flow expired',
      signIn,
      { flow: { ...flow, status: 'expired' } },
      { name: 'failed', error: { code: 'flow_expired' } },
    ],
    [
      'shows that a flow was cancelled elsewhere',
      signIn,
      { flow: { ...flow, status: 'cancelled' } },
      { name: 'failed', error: { code: 'flow_cancelled' } },
    ],
    ['shows an error of the server', signIn, { flow, error }, { name: 'failed', error }],
    ['shows that the access was ended', { at: 'disconnected', connection }, {}, { name: 'disconnected', connection }],
  ]
  it.each(cases)('%s', (_, step, facts, expected) => {
    expect(viewOf(step, { ...nothing, ...facts }, plain)).toMatchObject(expected)
  })

  it('takes a code of a newer server for unknown', () => {
    const newer = JSON.parse('{"code":"brand_new","message":"x"}') as Flow['error']
    const view = viewOf(signIn, { ...nothing, flow: { ...flow, status: 'failed', error: newer } }, plain)
    expect(view).toMatchObject({ name: 'failed', error: { code: 'unknown', message: 'x' } })
  })

  it('asks in any case where that is required', () => {
    expect(viewOf(signIn, { ...nothing, flow: authorized }, { ...plain, requireConfirmation: true })).toMatchObject({
      name: 'choosing',
      sites: [acme],
    })
  })
})

describe('siteToConfirm', () => {
  const authorized: Flow = { ...flow, status: 'authorized', sites: [acme] }
  it('is the requested site when it is all that was granted', () => {
    expect(siteToConfirm(authorized, null, false)).toEqual(acme)
  })
  it('is nothing before the sign-in, with several sites, another site, or when it has to be asked', () => {
    expect(siteToConfirm(flow, null, false)).toBeNull()
    expect(siteToConfirm({ ...authorized, sites: [acme, globex] }, null, false)).toBeNull()
    expect(siteToConfirm({ ...authorized, sites: [globex] }, null, false)).toBeNull()
    expect(siteToConfirm(authorized, null, true)).toBeNull()
  })
  it('is the chosen site, where it was granted', () => {
    expect(siteToConfirm({ ...authorized, sites: [acme, globex] }, globex.cloudId, true)).toEqual(globex)
    expect(siteToConfirm(authorized, globex.cloudId, false)).toBeNull()
  })
})
