import type { listMessages } from './listMessages.ts'
import type { viewMessages } from './viewMessages.ts'

/** Plural forms of one text by CLDR category; `other` is always there. */
export type Plural = { other: string } & Partial<Record<Exclude<Intl.LDMLPluralRule, 'other'>, string>>

/** A text, or its plural forms. `{name}` in it is a value that {@link format} puts in. */
export type Message = string | Plural

/** English: the few texts that are there before any view is. Plain data, so that hosts can override any part. */
export const messages = {
  /** The language of these texts, BCP 47. */
  locale: 'en',
  /** Of the component's own trigger. */
  trigger: 'Connect Confluence',
  /** Of the component as a whole, and of its first view. */
  title: 'Connect Confluence to {org}',
  close: 'Close',
  back: 'Back',
  retry: 'Try again',
  notLoaded: 'This could not be loaded. Check your internet connection.',
}

type Translated<T> = T extends string | Plural ? Message : { [K in keyof T]: Translated<T[K]> }

type CoreMessages = Translated<typeof messages>

/** The texts of the views. */
export type ViewMessages = Translated<typeof viewMessages>

/** The texts of the lists. */
export type ListMessages = Translated<typeof listMessages>

/** All texts of the component in one language. */
export type Messages = CoreMessages & ViewMessages & { lists: ListMessages }

/** What is there at first: views and lists bring their own English with them, under what the host gave. */
export type GivenMessages = CoreMessages & MessageOverrides

type Overrides<T> = T extends Message ? Message : { [K in keyof T]?: Overrides<T[K]> }

/** Some of the texts, each at its place. */
export type MessageOverrides = Overrides<Messages>

const isMessage = (value: unknown) => typeof value !== 'object' || value === null || 'other' in value

/** Texts with others in place of some. */
export function merge<T>(texts: T, others: unknown): T {
  if (others === undefined) return texts
  if (isMessage(others) || isMessage(texts)) return others as T
  const merged: Record<string, unknown> = { ...(texts as object) }
  for (const [name, value] of Object.entries(others as object)) merged[name] = merge(merged[name], value)
  return merged as T
}

/** What fills the places of a message. A number also chooses the plural form when it is called `count`. */
export type MessageValues = Record<string, string | number>

/** A message cut into its own words and the values between them, so that a view can set the values off. */
export type MessagePart = { text: string } | { value: string }

/** @param locale a BCP 47 tag; it decides plural forms and how numbers are written */
export function partsOf(message: Message, values: MessageValues, locale: string): MessagePart[] {
  const count = values.count
  const template =
    typeof message === 'string'
      ? message
      : (typeof count === 'number' && message[new Intl.PluralRules(locale).select(count)]) || message.other
  return template.split(/\{(\w+)\}/).map((piece, index) => {
    const value = values[piece]
    if (index % 2 === 0 || value === undefined) return { text: piece }
    return { value: typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value }
  })
}

/** A message as one string. */
export const format = (message: Message, values: MessageValues, locale: string): string =>
  partsOf(message, values, locale)
    .map((part) => ('text' in part ? part.text : part.value))
    .join('')
