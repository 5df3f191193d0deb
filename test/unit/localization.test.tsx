import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import en from '../../src/locales/en.ts'
import { directionOf, type Localization, useLocalization } from '../../src/localization.ts'
import { merge } from '../../src/messages.ts'

afterEach(cleanup)

const german = { ...en, locale: 'de', close: 'Schließen' }
const start = (localization: Localization, needed = true) =>
  renderHook(({ given, wanted }) => useLocalization(given, wanted), {
    initialProps: { given: localization, wanted: needed },
  })

describe('useLocalization', () => {
  it('is English by itself', () => {
    expect(start({}).result.current).toMatchObject({ locale: 'en', messages: { close: 'Close' } })
  })

  it('takes a translation with its locale, or with another one', () => {
    expect(start({ messages: german }).result.current).toMatchObject({
      locale: 'de',
      messages: { close: 'Schließen' },
    })
    expect(start({ messages: german, locale: 'de-AT' }).result.current?.locale).toBe('de-AT')
  })

  it('loads a translation once, and not before it is needed, however often the loader is written anew', async () => {
    const load = vi.fn(async () => ({ default: german }))
    const given = () => ({ locale: 'de', messages: () => load() })
    const { result, rerender } = start(given(), false)
    expect(load).not.toHaveBeenCalled()
    expect(result.current?.messages.close).toBe('Close')
    rerender({ given: given(), wanted: true })
    expect(result.current).toBeNull()
    await waitFor(() => expect(result.current?.messages.close).toBe('Schließen'))
    rerender({ given: given(), wanted: true })
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('loads anew for another locale, and drops what comes too late', async () => {
    let arrive = (_: { default: typeof german }) => {}
    const late = new Promise<{ default: typeof german }>((resolve) => {
      arrive = resolve
    })
    const { result, rerender } = start({ locale: 'de', messages: () => late })
    const french = { ...en, locale: 'fr', close: 'Fermer' }
    rerender({ given: { locale: 'fr', messages: async () => ({ default: french }) }, wanted: true })
    await waitFor(() => expect(result.current?.messages.close).toBe('Fermer'))
    await act(async () => arrive({ default: german }))
    expect(result.current?.messages.close).toBe('Fermer')
  })

  it('speaks English where a translation cannot be loaded, and says so to developers', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { result } = start({ locale: 'de', messages: () => Promise.reject(new Error('offline')) })
    await waitFor(() => expect(result.current?.messages.close).toBe('Close'))
    expect(log).toHaveBeenCalledTimes(1)
    log.mockRestore()
  })

  it('puts single texts in the place of others', () => {
    const overrides = { close: 'Shut', enter: { submit: 'Go' }, connection: { counting: { other: '{count}' } } }
    const messages = start({ messages: german, overrides }).result.current?.messages
    expect(messages).toMatchObject({ close: 'Shut', enter: { submit: 'Go', label: en.enter.label } })
    expect(messages?.connection?.counting).toEqual({ other: '{count}' })
  })
})

it('a text that is overridden is replaced, not mixed with what was there', () => {
  expect(merge({ a: { one: '1', other: 'n' }, b: 'x' }, { a: 'all', b: undefined })).toEqual({ a: 'all', b: 'x' })
})

it.each([
  ['ar', 'rtl'],
  ['ar-EG', 'rtl'],
  ['he', 'rtl'],
  ['fa-IR', 'rtl'],
  ['az-Arab', 'rtl'],
  ['en', 'ltr'],
  ['arn', 'ltr'],
  ['de-AT', 'ltr'],
])('%s is written %s', (locale, direction) => {
  expect(directionOf(locale)).toBe(direction)
})
