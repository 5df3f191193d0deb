import { createRandom } from '../random.ts'
import { constructs, escapeXml, type Writer } from './constructs.ts'
import { sentences } from './vocabulary.ts'

/** What a generated body is made from: the same facts give the same body. */
export interface BodySeed {
  seed: number
  pageId: number
  version: number
  /** Position among the generated pages: neighbours get different constructs, so that a dozen pages show them all. */
  index: number
  linkedTitle: string
  spaceKey: string
  otherSpaceKey: string
  accountId: string
}

const names = Object.keys(constructs)
const perPage = 8
const english = sentences.english.map(escapeXml)
const headings = [
  'Background',
  'What happens',
  'Who decides',
  'Steps',
  'Numbers',
  'Open questions',
  'Exceptions',
  'History',
  'Examples',
  'Next steps',
]

/** A page body of several hundred words in storage format, about 10 kB. */
export function generateBody(facts: BodySeed): string {
  const random = createRandom('body', facts.seed, facts.pageId)
  const sentence = () => random.pick(english)
  const paragraph = () => `<p>${Array.from({ length: 5 }, sentence).join(' ')}</p>`
  const writer: Writer = {
    random,
    sentence,
    linkedTitle: escapeXml(facts.linkedTitle),
    spaceKey: facts.spaceKey,
    otherSpaceKey: facts.otherSpaceKey,
    accountId: facts.accountId,
  }
  const sections = Array.from({ length: perPage }, (_, section) => {
    const name = names[(facts.index * perPage + section) % names.length] as string
    const heading = `<h${2 + (section % 3)}>${headings[section]}</h${2 + (section % 3)}>`
    return `${heading}${paragraph()}${constructs[name]?.(writer)}${paragraph()}`
  })
  return `<p>${sentence()}</p>${revisionNote(facts.version)}${sections.join('')}`
}

/** What an edit without a text of its own adds, so that the edit can be seen. */
export const revisionNote = (version: number): string =>
  version > 1 ? `<p>This is version ${version} of the page.</p>` : ''
