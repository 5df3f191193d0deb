import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const licenceOf = (folder: string) => readFileSync(`${folder}/LICENSE`, 'utf8')
const found = (pattern: RegExp, licence = '') => pattern.exec(licence)?.[0].trim()

/**
 * What the MIT License wants to be where the code goes, as a comment's text.
 *
 * @param title what this is, and what it has inside
 * @param packages the folders of the packages inside
 */
export function notice(title: string, packages: readonly string[]): string {
  const licences = ['.', ...packages].map(licenceOf)
  const copyrights = new Set(licences.map((licence) => found(/^Copyright .*$/m, licence)))
  return `${title}. MIT License\n${[...copyrights].join('\n')}\n${found(/Permission is hereby granted[\s\S]*/, licences[0])}`
}

/** Where TanStack Query is. */
export const queryCore = 'node_modules/@tanstack/query-core'

/** Its parts that nothing here uses, and bundlers cannot know that. */
const unused: Record<string, string> = {
  '/query-core/build/modern/infiniteQueryBehavior.js':
    'export const infiniteQueryBehavior = () => {}, hasNextPage = () => false, hasPreviousPage = () => false',
}

/** TanStack Query is built in without them. */
export const withoutUnused = (): Plugin => ({
  name: 'without-unused',
  enforce: 'pre',
  load: (id) => Object.entries(unused).find(([file]) => id.endsWith(file))?.[1] ?? null,
})
