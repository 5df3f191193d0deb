import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { convertStorage, convertToMarkdown } from '../../src/content/index.ts'
import { syntheticPages } from './samples.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42', title: 'This Page' }

/** Blocks begin lines, so that a person can read what changed. */
const readable = (html: string) => html.replace(BLOCK, '\n$&').trimStart()
const BLOCK = /<(?:aside|blockquote|details|div|figure|figcaption|h\d|hr|li|nav|ol|p|pre|section|table|tr|ul)\b/g

const golden = (name: string, ending: string) =>
  path.join(import.meta.dirname, 'golden', `${name.replace(/\.\w+$/, '')}.${ending}`)

describe('a page that a tool wrote', () => {
  test.each(syntheticPages)('$name: is what was read and found good', async ({ name, storage }) => {
    const { html, text } = convertStorage(storage, options)
    const { markdown } = convertToMarkdown(storage, options)
    await expect(`${readable(html)}\n`).toMatchFileSnapshot(golden(name, 'html'))
    await expect(`${text}\n`).toMatchFileSnapshot(golden(name, 'txt'))
    await expect(`${markdown}\n`).toMatchFileSnapshot(golden(name, 'md'))
  })
})
