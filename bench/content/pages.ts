import { decodeHTML } from 'entities'
import { generateBody } from '../../server/src/sandbox/world/bodies.ts'
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
 * A page of as many bodies of the sandbox as it takes: prose, and between it lists, tables, code, panels, links, mentions, tasks and the rest, eight
 * constructs a body.
 */
export function pageOf(kilobytes: number): Input {
  const bodies: string[] = []
  for (let length = 0, index = 0; length < kilobytes * 1000; index++) {
    const body = generateBody({
      seed: kilobytes,
      pageId: index,
      version: 1,
      index,
      linkedTitle: 'Home & Garden',
      spaceKey: 'DOCS',
      otherSpaceKey: 'OPS',
      accountId: '557058:7c3e0f4e-1111-4222-8333-444455556666',
    })
    // The last one only as far as it takes, up to the end of a block.
    const end = length + body.length > kilobytes * 1000 ? body.indexOf('</p><h', kilobytes * 1000 - length) : -1
    bodies.push(end === -1 ? body : body.slice(0, end + 4))
    length += Buffer.byteLength(bodies.at(-1) ?? '')
  }
  return input(`${kilobytes} KB`, [bodies.join('')])
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
