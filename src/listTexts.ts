import { listMessages } from './listMessages.ts'
import { type ListMessages, merge } from './messages.ts'
import { useViewTexts } from './viewTexts.tsx'

const merged = new WeakMap<object, ListMessages>()

/** The texts of the lists beside those of the views: `words`. */
export function useListTexts() {
  const texts = useViewTexts()
  const { messages } = texts
  const words = merged.get(messages) ?? merge(listMessages, messages.lists)
  merged.set(messages, words)
  return { ...texts, words }
}
