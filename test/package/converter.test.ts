import path from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'

const checkout = path.join(import.meta.dirname, '../..')

/** Builds what a web page would load that uses the converter and nothing else. */
async function bundle(): Promise<{ code: string; modules: string[] }> {
  const entry = path.join(checkout, 'converter.js')
  const code = "export { convertStorage, convertToMarkdown } from 'confluence-connect-server/content'"
  const built = await build({
    root: checkout,
    configFile: false,
    logLevel: 'error',
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
    ],
    build: { write: false, minify: false, lib: { entry, name: 'converter', formats: ['iife'] } },
  })
  const [output] = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []))
  if (output?.type !== 'chunk') throw new Error('The build was not one script.')
  return { code: output.code, modules: Object.keys(output.modules) }
}

describe('the converter, in a web page', async () => {
  const { code, modules } = await bundle()

  it('brings nothing but itself and the table of entities', () => {
    const foreign = modules.filter(
      (id) => !/\/server\/dist\/content\/[\w/-]+\.js$|\/entities\/dist\/|\/converter\.js$/.test(id),
    )
    expect(foreign).toEqual([])
  })

  it('needs nothing but the language and URLs', () => {
    const page = createContext({ URL })
    runInContext(code, page)
    const storage = '<h1>a &rarr; b</h1><p><a href="/c">c</a></p>'
    const converted = runInContext(
      `const source = ${JSON.stringify(storage)}, options = { baseUrl: 'https://acme.atlassian.net/wiki', pageId: '1' }
       JSON.stringify([converter.convertStorage(source, options), converter.convertToMarkdown(source, options)])`,
      page,
    )
    expect(JSON.parse(converted)).toEqual([
      {
        outline: [{ level: 1, text: 'a → b', id: 'cc-a→b' }],
        statistics: expect.objectContaining({ words: 3, characters: 4 }),
        html: '<h1 id="cc-a→b">a → b</h1><p><a href="https://acme.atlassian.net/c" rel="nofollow noopener noreferrer">c</a></p>',
        text: 'a → b\n\nc',
        warnings: [],
      },
      { markdown: '# a → b\n\n[c](https://acme.atlassian.net/c)', warnings: [] },
    ])
  })
})
