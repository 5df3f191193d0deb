// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { storyNameFromExport, toId } from 'storybook/internal/csf'
import { describe, expect, it } from 'vitest'

const at = (path: string) => new URL(path, import.meta.url)
const page = readFileSync(at('../../docs/features.md'), 'utf8')

/** The rows of the tables of a part of the page: number, what it is, how it is here, what shows it. */
const rowsOf = (heading: string) => {
  const [, part = ''] = page.split(new RegExp(`^## ${heading}$`, 'm'))
  const [own = ''] = part.split(/^## /m)
  return [...own.matchAll(/^\| (\d+) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(([, number, , , evidence = '']) => ({
    number: Number(number),
    evidence,
  }))
}

const features = rowsOf('Features')
const reports = rowsOf('Reports')
const rows = [...features, ...reports]

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
const found = (pattern: RegExp) => rows.flatMap(({ evidence }) => [...evidence.matchAll(pattern)])
const links = [...new Set([...page.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, path = '']) => path))]
const tests = found(/\[[\w.-]+\]\((\.\.[^)]+\.(?:test|spec)\.tsx?)\) “([^”]+)”/g).map(
  ([, file = '', title = '']) => [file, title] as const,
)
const stories = [...new Set(found(/`([a-z-]+--[a-z0-9-]+)`/g).map(([, id = '']) => id))]

/** The ids of all stories, by their files. */
const storyIds = readdirSync(at('../../stories'))
  .filter((name) => name.endsWith('.stories.tsx'))
  .flatMap((name) => {
    const source = readFileSync(at(`../../stories/${name}`), 'utf8')
    const [, title = ''] = /title: '(.+)'/.exec(source) ?? []
    return [...source.matchAll(/^export const (\w+)/gm)].map(([, story = '']) =>
      toId(title, storyNameFromExport(story)),
    )
  })

/** Whether a test file has a test of this name, or one whose name goes on with what varies. */
const hasTest = (file: string, title: string) => {
  const source = readFileSync(at(`../../docs/${file}`), 'utf8').replace(/\(\s+/g, '(')
  const written = [`'${title}'`, `"${title}"`, `\`${title}\${`]
  return written.some((name) => source.includes(`(${name}`))
}

describe('docs/features.md', () => {
  it('has every feature and every report, in order', () => {
    expect(features.map(({ number }) => number)).toEqual(upTo(44))
    expect(reports.map(({ number }) => number)).toEqual(upTo(58))
  })

  it('shows each feature by a test or a story, and each report by those or a place to read', () => {
    const shown = /“|`[a-z-]+--[a-z0-9-]+`/
    expect(features.filter(({ evidence }) => !shown.test(evidence))).toEqual([])
    expect(reports.filter(({ evidence }) => !shown.test(evidence) && !evidence.includes(']('))).toEqual([])
  })

  it.each(links)('leads to %s, which is there', (path) => {
    expect(existsSync(at(`../../docs/${path}`))).toBe(true)
  })

  it.each(tests)('names a test of %s: %s', (file, title) => {
    expect(hasTest(file, title)).toBe(true)
  })

  it.each(stories)('names the story %s', (id) => {
    expect(storyIds).toContain(id)
  })
})
