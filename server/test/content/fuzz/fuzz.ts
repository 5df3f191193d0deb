import { createRandom } from '../../../src/sandbox/random.ts'
import { complaintsOf, leaksOf } from './judge.ts'
import { mutated } from './mutate.ts'
import { reshaped } from './reshape.ts'

/** A document with which something is wrong. */
export interface Find {
  seed: number
  complaints: string[]
  document: string
}

/** Every fifth document is well-formed, so that what must stay hidden in it is known. */
const isWellFormed = (seed: number) => seed % 5 === 0

/** The document that follows from a seed. */
export const documentOf = (seed: number): string => {
  const random = createRandom('fuzz', seed)
  return isWellFormed(seed) ? reshaped(random) : mutated(random)
}

/** Converts the document of a seed and judges what comes out. */
export function play(seed: number): Find | undefined {
  const document = documentOf(seed)
  try {
    const complaints = [...complaintsOf(document), ...(isWellFormed(seed) ? leaksOf(document) : [])]
    return complaints.length > 0 ? { seed, complaints, document } : undefined
  } catch (error) {
    return { seed, complaints: [String(error instanceof Error ? error.stack : error)], document }
  }
}
