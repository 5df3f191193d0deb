import { useEffect, useMemo, useState } from 'react'
import { messages as english, type GivenMessages, type MessageOverrides, type Messages, merge } from './messages.ts'
import { useLatest } from './useLatest.ts'

/** Gets a translation when it is needed: `() => import('confluence-connect/locales/de')`. */
export type MessagesLoader = () => Promise<{ default: Messages }>

/** In which language it speaks. Compared by value: it may be written in place. */
export interface Localization {
  /** BCP 47. It decides plurals, numbers, dates and the direction. By default that of the messages. */
  locale?: string
  /** A translation, or a function that loads it when the component opens. @default English */
  messages?: Messages | MessagesLoader
  /** Texts of your own in place of single ones. */
  overrides?: MessageOverrides
}

// https://en.wikipedia.org/wiki/Right-to-left_script: languages that are written so by default.
const rightToLeft = /^(ar|arc|ckb|dv|fa|he|iw|ji|ks|ps|sd|ug|ur|yi)(-|$)|-(Arab|Hebr)(-|$)/i

/** The direction of a locale. */
export const directionOf = (locale: string): 'rtl' | 'ltr' => (rightToLeft.test(locale) ? 'rtl' : 'ltr')

/**
 * The messages to speak with; null while they are being loaded. A translation that cannot be loaded is English.
 *
 * @param needed whether anything is shown: nothing is loaded before
 */
export function useLocalization({ locale, messages, overrides }: Localization, needed: boolean) {
  const [loaded, setLoaded] = useState<{ of: string | undefined; messages: GivenMessages } | null>(null)
  const load = typeof messages === 'function' ? messages : null
  const isLoading = needed && load !== null && (loaded === null || loaded.of !== locale)
  // The loader is a function that may be written anew in each render; which one it is, the locale says.
  const latestLoad = useLatest(load)
  useEffect(() => {
    if (!isLoading) return
    let wanted = true
    const done = (found: GivenMessages) => wanted && setLoaded({ of: locale, messages: found })
    latestLoad.current?.().then(
      (module) => done(module.default),
      (cause: unknown) => {
        console.error('confluence-connect: there is no translation, so English is spoken.', cause)
        done(english)
      },
    )
    return () => {
      wanted = false
    }
  }, [isLoading, locale, latestLoad])

  const found: GivenMessages = (load ? loaded?.messages : (messages as Messages | undefined)) ?? english
  const merged = useMemo(() => merge(found, overrides), [found, overrides])
  return isLoading ? null : { messages: merged, locale: locale ?? String(merged.locale) }
}
