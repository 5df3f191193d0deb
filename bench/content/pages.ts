import { decodeHTML } from 'entities'
import { createRandom } from '../../server/src/sandbox/random.ts'
import { constructs, escapeXml, type Writer } from '../../server/src/sandbox/world/constructs.ts'
import { sentences } from '../../server/src/sandbox/world/vocabulary.ts'
import { realPages } from '../../server/test/content/samples.ts'

export interface Input {
  name: string
  pages: readonly string[]
  /** UTF-8, all pages together. */
  bytes: number
}

const input = (name: string, pages: readonly string[]): Input => ({
  name,
  pages,
  bytes: pages.reduce((sum, page) => sum + Buffer.byteLength(page), 0),
})

/**
 * A page of the sandbox's constructs, all of them in turn, each below a heading and a paragraph of three sentences: prose, lists, tables, code, panels,
 * links, mentions, tasks and the rest.
 */
export function pageOf(kilobytes: number): Input {
  const random = createRandom('bench', kilobytes)
  const sentence = () => escapeXml(random.pick(sentences.english))
  const writer: Writer = {
    random,
    sentence,
    linkedTitle: 'Home &amp; Garden',
    spaceKey: 'DOCS',
    otherSpaceKey: 'OPS',
    accountId: '557058:7c3e0f4e-1111-4222-8333-444455556666',
  }
  const parts: string[] = []
  let length = 0
  for (let index = 0; length < kilobytes * 1000; index++) {
    const [name = '', write] = Object.entries(constructs)[index % Object.keys(constructs).length] ?? []
    const paragraph = `<p>${sentence()} ${sentence()} ${sentence()}</p>`
    parts.push(`<h2>${index + 1}. ${name}</h2>${paragraph}${write?.(writer) ?? ''}`)
    length += Buffer.byteLength(parts.at(-1) ?? '')
  }
  return input(`${kilobytes} KB`, [parts.join('')])
}

export const inputs: Input[] = [
  pageOf(5),
  pageOf(50),
  pageOf(500),
  input(
    'real pages',
    realPages.map(({ storage }) => storage),
  ),
]

/** The named references of all pages, for who knows only XML's. */
export const ENTITIES: Record<string, string> = Object.fromEntries(
  inputs
    .flatMap(({ pages }) => pages.flatMap((page) => page.match(/&[a-z]\w+;/gi) ?? []))
    .map((reference) => [reference.slice(1, -1), decodeHTML(reference)]),
)
