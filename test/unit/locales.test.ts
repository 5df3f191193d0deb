import { describe, expect, it } from 'vitest'
import { errorTable } from '../../src/errors.ts'
import en from '../../src/locales/en.ts'
import { format, type Message, type Messages, type Plural } from '../../src/messages.ts'

const modules = import.meta.glob<{ default: Messages }>('../../src/locales/*.ts', { eager: true })
const translations = Object.entries(modules).map(([file, module]) => ({
  tag: /([\w-]+)\.ts$/.exec(file)?.[1] ?? '',
  messages: module.default,
}))

const isMessage = (value: unknown): value is Message =>
  typeof value === 'string' || (typeof value === 'object' && value !== null && 'other' in value)

/** Each text by its place, such as `lists.pages.title`. */
function textsOf(value: unknown, place = ''): [place: string, message: Message][] {
  if (isMessage(value)) return [[place, value]]
  return Object.entries(value ?? {}).flatMap(([name, part]) => textsOf(part, place ? `${place}.${name}` : name))
}

const english = new Map(textsOf(en))
const formsOf = (message: Message): Partial<Plural> => (typeof message === 'string' ? { other: message } : message)
const placesIn = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()

/** Each form of each text, by its place, beside the English text. */
const formsIn = (messages: Messages) =>
  textsOf(messages).flatMap(([place, message]) =>
    Object.entries(formsOf(message)).map(([category, text]) => ({
      place: typeof message === 'string' ? place : `${place}.${category}`,
      text,
      isForm: typeof message !== 'string',
      original: formsOf(english.get(place) ?? '').other ?? '',
    })),
  )

const sample = {
  org: 'Müller & Söhne',
  site: 'acme.atlassian.net',
  requested: 'globex.atlassian.net',
  host: 'github.com',
  input: 'a b',
  example: 'acme.atlassian.net',
  name: 'Jane Doe',
  title: 'Onboarding',
  space: 'Engineering',
  spaces: '2',
  pages: '3',
  selection: '5',
  search: 'zebra',
  problem: 'x',
  time: '14:05',
  synced: '310',
  limit: 10_000,
  from: 1,
  to: 50,
}
/** One number at least for each plural form that there is in any of the languages. */
const counts = [0, 1, 2, 5, 11, 100, 1240, 1_000_000]

/** Words that are the same in a language as in English. */
const shared: Record<string, string[]> = {
  de: ['Sites', 'Status', 'Link', 'Confluence in {org}'],
  fr: ['Sites', 'Pages', '{count} page', '{count} pages'],
}
const namesOnly = /^(Confluence|·)$/
const englishWords = /\b(the|and|your|you|are|not|with|this|that|has|again)\b/i

/** Marks that a language writes otherwise. */
const foreignMarks: Record<string, RegExp> = {
  de: /[“”«»](?<!„[^“]*“)|'/,
  fr: /[“”„]|[^\u202f][?;!»]|[^\u00a0]:(?!\w)|«[^\u202f]/,
  es: /[“”„]|^[^¿]*\?/,
  ja: /[“”„«»?!;]/,
  ar: /[“”„?;,]/,
}

it('there are translations', () => {
  expect(translations.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['ar', 'de', 'en', 'es', 'fr', 'ja']))
})

describe.each(translations)('$tag', ({ tag, messages }) => {
  const forms = formsIn(messages)

  it('is called as its file is, and is a language that Intl knows', () => {
    expect(messages.locale).toBe(tag)
    expect(Intl.PluralRules.supportedLocalesOf(tag)).toEqual([tag])
  })

  it('has every text, and no other', () => {
    expect(
      textsOf(messages)
        .map(([place]) => place)
        .sort(),
    ).toEqual([...english.keys()].sort())
    expect(Object.keys(messages.errors).sort()).toEqual(Object.keys(errorTable).sort())
  })

  it('has plural forms where English has them, exactly those of the language', () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.sort()
    const found = textsOf(messages).map(([place, message]) => [
      place,
      typeof message === 'string' ? 'one text' : Object.keys(message).sort(),
    ])
    const wanted = [...english].map(([place, message]) => [
      place,
      typeof message === 'string' ? 'one text' : categories,
    ])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
  })

  it('has the same places in each text; a plural form may say its number in words', () => {
    const wrong = forms.filter(({ text, original, isForm }) => {
      const said = placesIn(isForm ? `{count} ${text}` : text)
      return said.join() !== placesIn(original).join()
    })
    expect(wrong).toEqual([])
  })

  it('leaves no place open, whatever the number', () => {
    const said = textsOf(messages).flatMap(([, message]) =>
      counts.map((count) => format(message, { ...sample, count }, tag)),
    )
    expect(said.filter((text) => /[{}]|undefined|NaN/.test(text))).toEqual([])
  })

  it('is typeset: no space at an end, none twice, no straight quotes, no dots for an ellipsis', () => {
    expect(forms.filter(({ text }) => !text || /^\s|\s$|\s\s|["'`]|\.\.\./.test(text))).toEqual([])
  })
})

describe.each(translations.filter(({ tag }) => tag !== 'en'))('$tag is a translation', ({ tag, messages }) => {
  const forms = formsIn(messages).filter(({ place }) => place !== 'locale')

  it('has nothing left in English', () => {
    const same = forms.filter(({ text, original }) => text === original && !namesOnly.test(text))
    expect(same.filter(({ text }) => !shared[tag]?.includes(text))).toEqual([])
    expect(forms.filter(({ text }) => englishWords.test(text))).toEqual([])
  })

  it('writes quotation marks, questions and spaces as the language does', () => {
    expect(foreignMarks[tag]).toBeInstanceOf(RegExp)
    expect(forms.filter(({ text }) => foreignMarks[tag]?.test(text))).toEqual([])
  })

  it('is calm: no exclamation, no word of machinery', () => {
    expect(forms.filter(({ text }) => /[!！¡]|OAuth|token/i.test(text))).toEqual([])
  })
})
