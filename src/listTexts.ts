import { useViewTexts } from './viewTexts.tsx'

/** The texts, with those of the lists at hand: `words`. */
export function useListTexts() {
  const texts = useViewTexts()
  return { ...texts, words: texts.messages.lists }
}
