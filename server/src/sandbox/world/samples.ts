import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** A page that comes from a file. */
export interface Sample {
  /** Where the file says nothing, the world invents it. */
  id?: number
  parentId?: number
  title: string
  storage: string
  createdAt?: number
  version: number
  modifiedAt?: number
}

interface CatalogueEntry {
  folder: string
  id: string
  title: string
  parentId: string | null
  createdAt: string
  version: { number: number; createdAt: string }
}

const maxFiles = 10_000
const maxFileBytes = 30 * 1024 * 1024
const endings = /\.(xhtml|xml|html)$/i
const wholeDocument = /^\s*(<\?xml|<!doctype|<html)/i
const rendered = /class="confluence|data-linked-resource-/
const storageElement = /<(ac|ri):/

/** Not a whole document, nor what Confluence rendered; text pasted from a rendered page is found in real storage format, too. */
const isStorage = (text: string) => !wholeDocument.test(text) && (storageElement.test(text) || !rendered.test(text))

const byteOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

async function readStorage(file: string): Promise<string> {
  const { size } = await stat(file)
  if (size > maxFileBytes)
    throw new Error(`${file} is larger than ${maxFileBytes / 1024 / 1024} MB. Remove it from the folder.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (cause) {
    throw new Error(`${file} is not UTF-8 text. Save it as UTF-8 or remove it from the folder.`, { cause })
  }
}

/**
 * Every file below a folder that ends in `.xhtml`, `.xml` or `.html` and holds storage format, titled by its path without
 * the ending.
 *
 * @throws where the folder cannot be read, or holds more or larger files than the sandbox keeps in memory
 */
export async function readFolder(folder: string, prefix = ''): Promise<Sample[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new Error(
      `The folder ${folder} cannot be read. Set SANDBOX_CONTENT to a folder of pages in storage format.`,
      { cause },
    )
  })
  const files = found
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(byteOrder)
  if (files.length > maxFiles) {
    throw new Error(
      `The folder ${folder} holds ${files.length} pages; the sandbox takes at most ${maxFiles}. Point SANDBOX_CONTENT to a smaller one.`,
    )
  }
  const samples: Sample[] = []
  for (const file of files) {
    const storage = await readStorage(file)
    if (!isStorage(storage)) continue
    const path = relative(folder, file).split(sep).join('/')
    samples.push({ title: prefix + path.replace(endings, ''), storage, version: 1 })
  }
  return samples
}

/** The pages listed in a folder's `pages.json`, with the ids, titles and dates that they had in their Confluence. */
async function readCatalogue(folder: string): Promise<Sample[]> {
  const entries = JSON.parse(await readFile(join(folder, 'pages.json'), 'utf8')) as CatalogueEntry[]
  return Promise.all(
    entries.map(async (entry) => ({
      id: Number(entry.id),
      ...(entry.parentId && { parentId: Number(entry.parentId) }),
      title: entry.title,
      storage: await readStorage(join(folder, entry.folder, 'page.xhtml')),
      createdAt: Date.parse(entry.createdAt),
      version: entry.version.number,
      modifiedAt: Date.parse(entry.version.createdAt),
    })),
  )
}

/** The real pages that ship with the package. */
export async function readShippedSamples(): Promise<Sample[]> {
  // The same number of levels from src/sandbox/world and from dist/sandbox/world.
  const root = join(import.meta.dirname, '../../../samples')
  const groups = await Promise.all([
    readCatalogue(join(root, 'querypie-docs')),
    readFolder(join(root, 'mark'), 'mark/'),
    readFolder(join(root, 'md2conf'), 'md2conf/'),
  ])
  return groups.flat()
}
