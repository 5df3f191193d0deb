import { afterEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { ConfluenceConnectElement } from '../../src/element.tsx'
import { ConnectError } from '../../src/index.ts'
import { createMemoryBackend, memoryConnection, memorySite } from '../../src/testing.ts'
import {
  clear,
  connect,
  deepFocused,
  field,
  focus,
  frame,
  heard,
  html,
  press,
  title,
  within,
} from './element.setting.ts'

afterEach(async () => {
  vi.restoreAllMocks()
  await clear()
})

describe('the element', () => {
  it('is led through by keyboard alone, and tells the page of it', async () => {
    const { element, backend } = connect()
    const [success, events, changes] = [
      heard(element, 'cc-success'),
      heard(element, 'cc-event'),
      heard(element, 'cc-openchange'),
    ]
    await press('{Tab}{Enter}')
    await focus(field)
    expect(element.open).toBe(true)
    await press('acme{Enter}')
    await focus(title('240 pages are in Acme Notes'))
    await press('{Tab}{Enter}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(deepFocused()).toBe('Connect Confluence')
    expect(element.hasAttribute('open')).toBe(false)
    expect(success).toMatchObject([{ action: 'INITIATE' }, { action: 'ADD' }, { action: 'UPDATE' }])
    expect(changes).toEqual([{ open: true }, { open: false }])
    expect(events).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'open' })]))
    expect(backend.inputs).toMatchObject([{ site: 'acme.atlassian.net' }])
  })

  it('calls the callbacks that it was given, with what the events have', async () => {
    const [onSuccess, onError, onEvent] = [vi.fn(), vi.fn(), vi.fn()]
    const { element } = connect({
      attributes: 'open',
      memory: { signIn: 'access_denied' },
      onSuccess,
      onError,
      onEvent,
    })
    const [success, errors, events] = [
      heard(element, 'cc-success'),
      heard(element, 'cc-error'),
      heard(element, 'cc-event'),
    ]
    await focus(field)
    await press('acme{Enter}')
    await focus(title('Access was not given'))
    expect(success).toMatchObject([{ action: 'INITIATE' }])
    expect(errors).toMatchObject([{ data: [{ code: 'access_denied' }] }])
    expect([success, errors, events]).toEqual([onSuccess, onError, onEvent].map(({ mock }) => mock.calls.flat()))
  })

  it('tells nothing outside a shadow root that it is in', async () => {
    const outer = html('<div></div>').firstElementChild
    const root = outer?.attachShadow({ mode: 'open' })
    const element = new ConfluenceConnectElement()
    root?.append(element)
    const [inside, outside] = [vi.fn(), vi.fn()]
    root?.addEventListener('cc-openchange', inside)
    outer?.addEventListener('cc-openchange', outside)
    await Promise.resolve()
    element.show()
    expect(inside).toHaveBeenCalledOnce()
    expect(outside).not.toHaveBeenCalled()
  })

  it('keeps Escape to itself, also inside another shadow root', async () => {
    const onKey = vi.fn()
    window.addEventListener('keydown', onKey, { capture: true, once: true })
    const root = html('<div></div>').firstElementChild?.attachShadow({ mode: 'open' })
    const element = new ConfluenceConnectElement()
    Object.assign(element, { backend: createMemoryBackend(), open: true })
    root?.append(element)
    await focus(field)
    window.removeEventListener('keydown', onKey, { capture: true })
    const onPage = vi.fn()
    document.addEventListener('keydown', onPage)
    await press('{Escape}')
    document.removeEventListener('keydown', onPage)
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(onPage).not.toHaveBeenCalled()
    expect(element.open).toBe(false)
  })

  it('opens and closes by its methods, its property and its attribute', async () => {
    const { element } = connect()
    const dialog = page.getByRole('dialog', { name: 'Connect Confluence to Acme Notes' })
    element.show()
    await expect.element(dialog).toBeVisible()
    element.close()
    await expect.element(dialog).not.toBeInTheDocument()
    element.open = true
    await expect.element(dialog).toBeVisible()
    element.setAttribute('open', 'false')
    await expect.element(dialog).not.toBeInTheDocument()
    element.toggleAttribute('open', true)
    expect(element.open).toBe(false)
    element.show()
    expect(element.getAttribute('open')).toBe('')
    await expect.element(dialog).toBeVisible()
  })

  it('stays open when it is opened again before its last dialog is gone', async () => {
    const { element } = connect({ attributes: 'open' })
    await focus(field)
    element.close()
    await Promise.resolve()
    element.show()
    await frame()
    await expect.element(page.getByRole('dialog')).toBeVisible()
    expect(element.open).toBe(true)
  })

  it('is a part of the page where it is inline, and has no trigger', async () => {
    const { element } = connect({ attributes: 'mode="inline"' })
    await expect.element(page.getByRole('region', { name: 'Connect Confluence to Acme Notes' })).toBeVisible()
    await expect.element(field).toBeVisible()
    expect(within(element, '.cc-trigger')).toBeNull()
    expect(document.activeElement).toBe(document.body)
  })

  it('shows the lists, which have no chunks to come from', async () => {
    const connections = [
      { ...memoryConnection(1, memorySite('acme.atlassian.net', 'Acme')), syncStatus: 'READY' as const },
    ]
    connect({ attributes: 'open', memory: { connections } })
    await focus(title('Confluence in Acme Notes'))
    await page.getByRole('button', { name: /^Pages/ }).click()
    await expect.element(page.getByRole('table')).toBeVisible()
  })

  it('knows the errors of a backend that comes from elsewhere', async () => {
    const backend = createMemoryBackend()
    const foreign = Object.assign(new Error('Not now.'), {
      name: 'ConnectError',
      code: 'rate_limited',
      retryable: true,
    })
    const own = new ConnectError('site_not_found', 'It is not there.')
    const createFlow = vi
      .fn()
      .mockRejectedValueOnce(own)
      .mockRejectedValue(Object.assign(foreign, { code: 'site_mismatch' }))
    const { element } = connect({ attributes: 'open', backend: { ...backend, createFlow } })
    const errors = heard(element, 'cc-error')
    await focus(field)
    await press('acme{Enter}')
    await vi.waitFor(() => expect(errors).toMatchObject([{ data: [{ code: 'site_not_found' }] }]))
    await page
      .getByRole('button', { name: /another site|again/i })
      .first()
      .click()
    await focus(field)
    await press('{Enter}')
    await vi.waitFor(() => expect(errors).toMatchObject([{}, { data: [{ code: 'site_mismatch' }] }]))
  })
})

describe('a trigger of the page', () => {
  const own = '<button slot="trigger">Add Confluence</button>'

  it('opens the modal, says that it does, and gets the focus back', async () => {
    const { holder } = connect({ inside: own })
    const trigger = page.getByRole('button', { name: 'Add Confluence', expanded: false })
    await expect.element(trigger).toHaveAttribute('aria-haspopup', 'dialog')
    await trigger.click()
    await focus(field)
    expect(holder.querySelector('button')?.getAttribute('aria-expanded')).toBe('true')
    await press('{Escape}')
    await focus(trigger)
    expect(document.activeElement).toBe(holder.querySelector('button'))
  })

  it('can keep it closed', async () => {
    const { element, holder } = connect({ inside: own })
    holder.querySelector('button')?.addEventListener('click', (event) => event.preventDefault())
    await page.getByRole('button', { name: 'Add Confluence' }).click()
    await frame()
    expect(element.open).toBe(false)
  })

  it('may come later and go again', async () => {
    const { element, holder } = connect()
    await expect.element(page.getByRole('button', { name: 'Connect Confluence' })).toBeVisible()
    element.innerHTML = own
    const trigger = holder.querySelector('button')
    await expect.element(page.getByRole('button', { name: 'Add Confluence' })).toBeVisible()
    await vi.waitFor(() => expect(within(element, '.cc-trigger')).toBeNull())
    trigger?.remove()
    await expect.element(page.getByRole('button', { name: 'Connect Confluence' })).toBeVisible()
    expect(trigger?.attributes).toHaveLength(1)
  })

  it('is put into a button of ours when nobody could press it', async () => {
    connect({ inside: '<b slot="trigger">Add Confluence</b>' })
    await press('{Tab}')
    await focus(page.getByRole('button', { name: 'Add Confluence' }))
    await press('{Enter}')
    await expect.element(page.getByRole('dialog')).toBeVisible()
  })

  it('is not there where the page wants none', async () => {
    const { element } = connect({ attributes: 'no-trigger' })
    await frame()
    expect(within(element, '.cc-mount')?.childElementCount).toBe(0)
    element.show()
    await expect.element(page.getByRole('dialog')).toBeVisible()
  })
})

describe('what the element is given', () => {
  it('is the property, or else the attribute', async () => {
    const { element } = connect({ attributes: 'open' })
    const called = (name: string) => page.getByRole('dialog', { name: `Connect Confluence to ${name}` })
    await expect.element(called('Acme Notes')).toBeVisible()
    element.orgName = 'Globex'
    await expect.element(called('Globex')).toBeVisible()
    element.setAttribute('org-name', 'Initech')
    expect(element.orgName).toBe('Globex')
    element.orgName = undefined
    await expect.element(called('Initech')).toBeVisible()
    element.removeAttribute('org-name')
    await expect.element(called(location.hostname)).toBeVisible()
  })

  it('reads flags by their presence, and takes "false" for off', () => {
    const flag = (markup: string) => html(markup).querySelector('confluence-connect')?.requireConfirmation
    expect(flag('<confluence-connect require-confirmation></confluence-connect>')).toBe(true)
    expect(flag('<confluence-connect require-confirmation="false"></confluence-connect>')).toBe(false)
    expect(flag('<confluence-connect></confluence-connect>')).toBeUndefined()
  })

  it('is kept from before the element was known', async () => {
    const unknown = document.implementation.createHTMLDocument().createElement('confluence-connect')
    expect(unknown).not.toBeInstanceOf(ConfluenceConnectElement)
    Object.assign(unknown, { orgName: 'Early', backend: createMemoryBackend(), open: true })
    html('').append(unknown)
    expect(unknown).toBeInstanceOf(ConfluenceConnectElement)
    expect(unknown.hasAttribute('open')).toBe(true)
    expect(Object.keys(unknown)).toEqual([])
    await expect.element(page.getByRole('dialog', { name: 'Connect Confluence to Early' })).toBeVisible()
  })

  it('leads to tokens from a route of the page, with its cookies', async () => {
    const answers = {
      '/token': { access_token: 'a-token' },
      'https://connect.example/v1/connections': { connections: [] },
    }
    const request = vi
      .spyOn(window, 'fetch')
      .mockImplementation(async (url) => Response.json(Object.entries(answers).find(([at]) => at === url)?.[1]))
    const { element } = connect({ attributes: 'api-url="https://connect.example" token-url="/token"' })
    element.backend = undefined
    await frame()
    expect(request).not.toHaveBeenCalled()
    element.show()
    await focus(field)
    expect(request.mock.calls).toMatchObject([
      ['/token', { method: 'POST', credentials: 'include' }],
      ['https://connect.example/v1/connections', { headers: { authorization: 'Token a-token' } }],
    ])
  })

  it.each([
    [401, 'session_invalid'],
    [503, 'network'],
  ])('tells a route that answers with %s as %s', async (status, code) => {
    vi.spyOn(window, 'fetch').mockImplementation(async () => Response.json({}, { status }))
    const { element } = connect({ attributes: 'open api-url="https://connect.example" token-url="/token"' })
    element.backend = undefined
    const errors = heard(element, 'cc-error')
    await focus(field)
    await press('acme{Enter}')
    await vi.waitFor(() => expect(errors).toMatchObject([{ data: [{ code }] }]))
  })

  it('speaks the language of locale, and in its direction', async () => {
    connect({ attributes: 'open locale="ar"' })
    await expect.element(field).toBeVisible()
    const dialog = page.getByRole('dialog').element()
    expect([dialog.getAttribute('lang'), dialog.getAttribute('dir')]).toEqual(['ar', 'rtl'])
  })

  it('loads a translation when it opens, and another one with another locale', async () => {
    const load = { fr: vi.fn(() => import('../../src/locales/fr.ts')), ar: () => import('../../src/locales/ar.ts') }
    const { element } = connect({ attributes: 'locale="fr-CA"', localization: { messages: load.fr } })
    await frame()
    expect(load.fr).not.toHaveBeenCalled()
    element.show()
    await expect.element(title('Connecter Confluence à Acme Notes')).toBeVisible()
    const dialog = page.getByRole('dialog').element()
    expect([dialog.getAttribute('lang'), dialog.getAttribute('dir')]).toEqual(['fr-CA', 'ltr'])
    element.localization = { locale: 'ar', messages: load.ar }
    await expect.element(title('ربط Confluence بـ Acme Notes')).toBeVisible()
    expect([dialog.getAttribute('lang'), dialog.getAttribute('dir')]).toEqual(['ar', 'rtl'])
  })
})
