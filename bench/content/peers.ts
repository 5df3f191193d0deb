import { createRequire } from 'node:module'
import { join } from 'node:path'
import { load } from 'cheerio'
import { convert } from 'html-to-text'
import { NodeHtmlMarkdown } from 'node-html-markdown'
import { SaxesParser } from 'saxes'
import TurndownService from 'turndown'
import { convertStorage, convertToMarkdown } from '../../server/src/content/index.ts'
import { ENTITIES } from './pages.ts'

/** One way to convert a page; `makes` says into what. */
export interface Converter {
  name: string
  makes: string
  convert(storage: string): readonly string[]
}

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42', title: 'Home' }

export const ours: Converter = {
  name: 'Confluence Connect',
  makes: 'HTML and text',
  convert: (storage) => {
    const { html, text } = convertStorage(storage, options)
    return [html, text]
  },
}

interface Loader {
  /** Private in the types: what its `load` does with every page. */
  createDocumentFromPage(page: object): { pageContent: string }
}

/** The loader lies in a folder of its own, with the versions that it asks for. */
const langchain = createRequire(join(import.meta.dirname, '../sync/langchain/load.ts'))
const { ConfluencePagesLoader }: { ConfluencePagesLoader: new (options: object) => Loader } = langchain(
  '@langchain/community/document_loaders/web/confluence',
)
const loader = new ConfluencePagesLoader({ baseUrl: options.baseUrl, spaceKey: 'DOCS', personalAccessToken: 'any' })

const turndown = new TurndownService()
const markdown = new NodeHtmlMarkdown()

/** Text alone, without a thought of what it means: what reading XML costs. Strict, so the names of entities have to be told. */
function textBySaxes(storage: string): string {
  let text = ''
  const parser = new SaxesParser({ fragment: true })
  Object.assign(parser.ENTITIES, ENTITIES)
  parser.on('text', (part) => {
    text += part
  })
  parser.on('cdata', (part) => {
    text += part
  })
  // Undeclared prefixes are errors to it, which it can go on after.
  parser.on('error', () => undefined)
  parser.write(storage).close()
  return text
}

export const peers: Converter[] = [
  {
    name: 'Confluence Connect, Markdown',
    makes: 'Markdown',
    convert: (storage) => [convertToMarkdown(storage, options).markdown],
  },
  { name: 'saxes', makes: 'text nodes', convert: (storage) => [textBySaxes(storage)] },
  {
    name: 'LangChain.js',
    makes: 'text',
    convert: (storage) => [
      loader.createDocumentFromPage({ id: '42', body: { storage: { value: storage } } }).pageContent,
    ],
  },
  { name: 'cheerio', makes: 'text nodes', convert: (storage) => [load(storage, { xml: true }).text()] },
  { name: 'html-to-text', makes: 'text', convert: (storage) => [convert(storage, { wordwrap: false })] },
  { name: 'turndown', makes: 'Markdown', convert: (storage) => [turndown.turndown(storage)] },
  { name: 'node-html-markdown', makes: 'Markdown', convert: (storage) => [markdown.translate(storage)] },
]
