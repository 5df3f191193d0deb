import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import { convertStorage } from '../../src/content/index.ts'
import { missingWords, onLine, violationsOf, visibleWords, wordsOf } from './html.ts'
import { realPages, syntheticPages } from './samples.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42' }

/** Our text without what it adds on purpose: the address of an external link, behind its text and glued to what follows. */
const wordsOfText = (text: string) => wordsOf(onLine(text.replace(/ \((?:https?|mailto):[^\s)]*\)/g, '')))

/** Words of the storage that are no words of ours, with the reason. */
const EXCEPTIONS: Record<string, readonly string[]> = {
  // Punctuation right behind inline formulas: they come from parameters, so that it stands alone only in the storage's text.
  'md2conf/math.xml': [',', '.'],
}

describe('all visible text of the storage', () => {
  test.each([...realPages, ...syntheticPages])('$name: is in text and HTML', ({ name, storage }) => {
    const { html, text } = convertStorage(storage, options)
    const words = storageWords(storage)
    expect(missingWords(words.map(onLine), wordsOfText(text))).toEqual(EXCEPTIONS[name] ?? [])
    expect(missingWords(words, visibleWords(html))).toEqual(EXCEPTIONS[name] ?? [])
    expect(violationsOf(html)).toEqual([])
  })
})

/** Elements whose text is not for readers, and the fallback that repeats what stands before it. */
const HIDDEN = new Set([
  'ac:parameter',
  'ac:adf-attribute',
  'ac:adf-fallback',
  'ac:placeholder',
  'ac:task-id',
  'ac:task-uuid',
  'ac:task-status',
  // What the source of a formula says, which stands behind it.
  'mrow',
])
const INLINE =
  /^(?:strong|b|em|i|u|s|del|sub|sup|code|small|span|a|m[a-z]+|semantics|annotation|svg|path|foo|ac:link.*|ac:parameter|ac:structured-macro|ac:plain-text-link-body|ac:inline-comment-marker|ac:adf-mark|ri:.*)$/

/** The words of the text nodes of storage format, found by a parser that is not the converter's. */
function storageWords(storage: string): string[] {
  let text = ''
  const hidden: boolean[] = []
  let cdata = false
  const edge = (name: string) => {
    if (!INLINE.test(name)) text += ' '
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        hidden.push(hidden.at(-1) === true || HIDDEN.has(name) || attributes['aria-hidden'] === 'true')
        edge(name)
      },
      onclosetag(name) {
        hidden.pop()
        edge(name)
      },
      oncdatastart() {
        cdata = true
      },
      oncdataend() {
        cdata = false
      },
      ontext(data) {
        if (hidden.at(-1) !== true) text += cdata ? data : decodeHtml(data)
      },
    },
    { xmlMode: true, decodeEntities: false },
  )
  parser.end(storage)
  return wordsOf(text)
}

function decodeHtml(text: string): string {
  let decoded = ''
  const parser = new Parser({
    ontext(data) {
      decoded += data
    },
  })
  parser.end(text)
  return decoded
}
