/** Atlassian's own emoji and the emoticons of the old editor, which have no code point of their own. */
const EMOJI = new Map(
  Object.entries({
    'atlassian-check_mark': '✅',
    'atlassian-cross_mark': '❌',
    'atlassian-plus': '➕',
    'atlassian-minus': '➖',
    'atlassian-question_mark': '❓',
    'atlassian-exclamation_mark': '❗',
    'atlassian-light_bulb_on': '💡',
    'atlassian-light_bulb_off': '💡',
    'atlassian-yellow_star': '⭐',
    'atlassian-red_star': '⭐',
    'atlassian-green_star': '⭐',
    'atlassian-blue_star': '⭐',
    'atlassian-info': 'ℹ️',
    'atlassian-warning': '⚠️',
    'atlassian-note': '📝',
    tick: '✅',
    cross: '❌',
    plus: '➕',
    minus: '➖',
    question: '❓',
    warning: '❗',
    information: 'ℹ️',
    'light-on': '💡',
    'light-off': '💡',
    'yellow-star': '⭐',
    'red-star': '⭐',
    'green-star': '⭐',
    'blue-star': '⭐',
    smile: '🙂',
    sad: '🙁',
    cheeky: '😛',
    laugh: '😀',
    wink: '😉',
    'thumbs-up': '👍',
    'thumbs-down': '👎',
    heart: '❤️',
    'broken-heart': '💔',
  }),
)

const NOT_ASCII = /[^ -~]/

/** What storage format says about an emoji; each may be missing. */
export interface Emoticon {
  name?: string | undefined
  id?: string | undefined
  shortname?: string | undefined
  fallback?: string | undefined
}

/** The characters of an emoji, or its short name (`:party_parrot:`) where it is one of a site's own. */
export function emojiText({ name, id, shortname, fallback }: Emoticon): string {
  if (fallback && NOT_ASCII.test(fallback)) return fallback
  return (
    fromCodePoints(id) ??
    EMOJI.get(id ?? '') ??
    // The new editor gives every emoji without an old name the name of one: it counts only where nothing else does.
    (shortname || fallback || EMOJI.get(name ?? '') || (name ? `:${name}:` : ''))
  )
}

/** Ids of standard emoji are their code points in hexadecimal, joined by hyphens. */
function fromCodePoints(id: string | undefined): string | undefined {
  if (!id || !/^[\da-f]{4,5}(?:-[\da-f]{4,5}){0,9}$/i.test(id)) return undefined
  const text = String.fromCodePoint(...id.split('-').map((hex) => Number.parseInt(hex, 16)))
  return /[\p{Cc}\p{Cs}]/u.test(text) ? undefined : text
}
