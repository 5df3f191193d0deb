import { describe, expect, it } from 'vitest'
import { errorTable } from '../../src/index.ts'
import { format, partsOf } from '../../src/messages.ts'
import { viewMessages as messages } from '../../src/viewMessages.ts'

describe('format', () => {
  it('puts values in', () => {
    expect(format('Connect {site} to {org}', { site: 'acme', org: 'Notes' }, 'en')).toBe('Connect acme to Notes')
  })
  it('writes numbers and chooses plural forms as the language does', () => {
    const pages = { one: '{count} page', other: '{count} pages' }
    expect(format(pages, { count: 1 }, 'en')).toBe('1 page')
    expect(format(pages, { count: 1240 }, 'en')).toBe('1,240 pages')
    expect(format(pages, { count: 1240 }, 'de')).toBe('1.240 pages')
  })
  it('falls back to the form that is always there', () => {
    expect(format({ other: '{count} Seiten' }, { count: 1 }, 'de')).toBe('1 Seiten')
  })
  it('tells words and values apart, and leaves an unknown place empty of meaning', () => {
    expect(partsOf('a {site} b', { site: '<x>' }, 'en')).toEqual([{ text: 'a ' }, { value: '<x>' }, { text: ' b' }])
  })
})

describe('every kind of error', () => {
  it.each(Object.keys(errorTable) as (keyof typeof errorTable)[])('%s has words, and a way on', (code) => {
    const { title, text, action } = messages.errors[code]
    const said = [title, text, action ?? messages.errorActions[errorTable[code].action]].map((message) =>
      format(message, { org: 'Notes', site: 'acme.atlassian.net' }, 'en'),
    )
    for (const words of said) {
      expect(words.length).toBeGreaterThan(3)
      expect(words).not.toMatch(/[{}]|undefined|!|OAuth|token|\bwe\b/i)
    }
  })
})
