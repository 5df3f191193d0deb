import { createContext, useContext } from 'react'
import { format, type GivenMessages, type Message, type MessageValues, messages } from './messages.ts'

/** In which words and for which organisation the component speaks. */
export interface Texts {
  /** What the host gave, over the first few words of English. */
  messages: GivenMessages
  /** BCP 47 tag for plurals, numbers and dates. */
  locale: string
  orgName: string
}

/** The texts of one component; set once around its views. */
export const TextsContext = createContext<Texts>({ messages, locale: 'en', orgName: '' })

/** The texts, and `say`, which makes a string of a message. `{org}` is filled in. */
export function useTexts() {
  const texts = useContext(TextsContext)
  const say = (message: Message, values: MessageValues = {}) =>
    format(message, { org: texts.orgName, ...values }, texts.locale)
  return { ...texts, say }
}
