import type { Tags } from '../db/schema.ts'
import { toTags } from '../files/tags.ts'
import { HttpError } from './errors.ts'

/** Tags are written on every file of a call: what is small once is large ten thousand times. */
const MAX_KEYS = 100
const MAX_CHARACTERS = 16_384

/**
 * Tags of a call, as they are stored.
 *
 * @throws HttpError 400 where there are too many, or they are too long or nested too deep
 */
export function givenTags(input: unknown): Tags {
  let tags: Tags
  let size: number
  try {
    tags = toTags(input)
    size = JSON.stringify(tags).length
  } catch {
    throw tooLarge()
  }
  if (Object.keys(tags).length > MAX_KEYS || size > MAX_CHARACTERS) throw tooLarge()
  return tags
}

const tooLarge = () =>
  new HttpError(400, 'unknown', `Tags may have ${MAX_KEYS} keys and ${MAX_CHARACTERS} characters of JSON in all.`)
