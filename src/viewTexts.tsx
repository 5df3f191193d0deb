import { createElement, Fragment } from 'react'
import { listMessages } from './listMessages.ts'
import {
  type GivenMessages,
  type Message,
  type MessagePart,
  type Messages,
  type MessageValues,
  merge,
  partsOf,
  type ViewMessages,
} from './messages.ts'
import { useParts } from './parts.ts'
import { useTexts } from './texts.ts'
import { viewMessages } from './viewMessages.ts'

type Known = GivenMessages & ViewMessages & Pick<Messages, 'lists'>

const english = { ...viewMessages, lists: listMessages }

const merged = new WeakMap<GivenMessages, Known>()

function wordsOf(given: GivenMessages): Known {
  const known = merged.get(given) ?? { ...given, ...merge(english, given) }
  merged.set(given, known)
  return known
}

/** The texts with those of the views. */
export function useViewTexts() {
  const texts = useTexts()
  return { ...texts, messages: wordsOf(texts.messages) }
}

/** A message with its values set off, each isolated from the direction of the text around it. */
export function Text({ message, values = {} }: { message: Message; values?: MessageValues }) {
  const { locale, orgName } = useTexts()
  const part = useParts()
  const nodeOf = (piece: MessagePart) =>
    'text' in piece ? piece.text : createElement('bdi', part('value'), piece.value)
  // As arguments, not as a list: the parts of a message never change places, so they need no keys.
  return createElement(Fragment, null, ...partsOf(message, { org: orgName, ...values }, locale).map(nodeOf))
}
