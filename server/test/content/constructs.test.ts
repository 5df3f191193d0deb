import { describe, expect, test } from 'vitest'
import { convertStorage, convertToMarkdown } from '../../src/content/index.ts'
import { sections } from './cases/index.ts'
import { options } from './cases/storage.ts'

const convert = (storage: string) => {
  const { html, text, warnings } = convertStorage(storage, options)
  return { html, text, ...convertToMarkdown(storage, options), warnings }
}

describe.each(sections)('$title', ({ cases }) => {
  test.each(cases)('%s', (_what, storage, html, text, markdown) => {
    expect(convert(storage)).toEqual({ html, text, markdown, warnings: [] })
  })
})

/** As pages from before 2012 write their macros. */
const older = (storage: string) =>
  storage
    .replaceAll('ac:structured-macro', 'ac:macro')
    .replace(/<ac:parameter ac:name="">(.*?)<\/ac:parameter>/g, '<ac:default-parameter>$1</ac:default-parameter>')

describe('macros in the form before 2012', () => {
  const cases = sections.flatMap((section) => section.cases).filter(([, storage]) => older(storage) !== storage)
  test.each(cases)('%s', (_what, storage, html, text, markdown) => {
    expect(convert(older(storage))).toEqual({ html, text, markdown, warnings: [] })
  })
})

describe('what is not known', () => {
  test('is unwrapped and told', () => {
    expect(convert('<foo>a</foo>')).toEqual({
      html: 'a',
      text: 'a',
      markdown: 'a',
      warnings: [{ code: 'unknown_element', detail: 'foo' }],
    })
  })
})
