import type { Random } from '../../../src/sandbox/random.ts'
import { generateBody } from '../../../src/sandbox/world/bodies.ts'
import { realPages, syntheticPages } from '../samples.ts'

/** Generated pages have eight constructs each; as many show them all. */
const GENERATED = 12

const generated = Array.from({ length: GENERATED }, (_, index) =>
  generateBody({
    seed: 1,
    pageId: index,
    version: 1,
    index,
    linkedTitle: 'Home & Garden',
    spaceKey: 'DOCS',
    otherSpaceKey: 'OPS',
    accountId: '557058:7c3e0f4e',
  }),
)

/** The pages that everything is made from: real ones, those of other tools, and those of the sandbox. */
export const sources: readonly string[] = [
  ...[...realPages, ...syntheticPages].map(({ storage }) => storage),
  ...generated,
]

const WINDOW = 3_000

/** A part of some page, from one tag to another, or one time in ten as it falls. */
export function partOf(random: Random, limit = WINDOW): string {
  const source = random.pick(sources)
  const start = random.int(Math.max(source.length - limit, 1))
  const length = 1 + random.int(limit)
  if (random.int(10) === 0) return source.slice(start, start + length)
  const first = source.indexOf('<', start)
  const last = source.lastIndexOf('>', start + length) + 1
  return first === -1 || last <= first ? source.slice(start, start + length) : source.slice(first, last)
}
