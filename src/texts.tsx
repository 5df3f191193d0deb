import { createContext, createElement, Fragment, useContext } from 'react'
import {
  format,
  type Message,
  type MessagePart,
  type Messages,
  type MessageValues,
  messages,
  partsOf,
} from './messages.ts'

/** In which words and for which organisation the views speak. */
export interface Texts {
  messages: Messages
  /** BCP 47 tag for plurals and numbers. */
  locale: string
  orgName: string
}

export const defaultTexts: Texts = { messages, locale: 'en', orgName: '' }

/** The texts of one component; set once around its views. */
export const TextsContext = createContext(defaultTexts)

/** The messages, and `say`, which makes a string of one. `{org}` is filled in. */
export function useTexts() {
  const texts = useContext(TextsContext)
  const say = (message: Message, values: MessageValues = {}) =>
    format(message, { org: texts.orgName, ...values }, texts.locale)
  return { ...texts, say }
}

const nodeOf = (part: MessagePart) =>
  'text' in part ? part.text : createElement('bdi', { className: 'cc-value' }, part.value)

/** A message with its values set off, each isolated from the direction of the text around it. */
export function Text({ message, values = {} }: { message: Message; values?: MessageValues }) {
  const { locale, orgName } = useContext(TextsContext)
  const parts = partsOf(message, { org: orgName, ...values }, locale)
  // As arguments, not as a list: the parts of a message never change places, so they need no keys.
  return createElement(Fragment, null, ...parts.map(nodeOf))
}
