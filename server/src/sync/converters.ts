import { extname } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { Tinypool } from 'tinypool'
import { convertPage, type PageSource, pageToMarkdown } from './convert-page.ts'
import { unconvertible } from './converted.ts'

/** Characters of source that take this thread some milliseconds, and a slow machine not much longer. */
const LARGE = 500_000
/** Pages converted before the event loop gets a turn. */
const BATCH = 10
/** A thread that nobody needs ends after this. */
const IDLE_MS = 10_000

/** Converts pages. A large one is converted in a thread of its own: whatever is in it, the server goes on answering. */
export interface Converters {
  /** Converts a page for the database. */
  page(source: PageSource): Promise<ReturnType<typeof convertPage>>
  /** Converts pages for the database, in their order. */
  pages(sources: readonly PageSource[]): Promise<ReturnType<typeof convertPage>[]>
  /** Converts a page to Markdown. */
  markdown(source: PageSource): Promise<ReturnType<typeof pageToMarkdown>>
  /** Ends the thread; what it is at is given up. */
  close(): Promise<void>
}

export function createConverters(): Converters {
  const pool = new Tinypool({
    filename: new URL(`convert-thread${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
  })
  let isClosed = false
  /** A page that takes more memory than a thread may have takes that thread with it, and nothing else. */
  async function inThread(source: PageSource): Promise<ReturnType<typeof convertPage>> {
    try {
      return await pool.run(source, { name: 'page' })
    } catch (error) {
      if (isClosed) throw error
      return { content: unconvertible, references: [] }
    }
  }
  const page = async (source: PageSource) => (isLarge(source) ? inThread(source) : convertPage(source))
  return {
    page,
    async pages(sources) {
      const made: ReturnType<typeof convertPage>[] = []
      for (const [index, source] of sources.entries()) {
        made.push(await page(source))
        if (index % BATCH === BATCH - 1) await nextTick()
      }
      return made
    },
    markdown: async (source) => (isLarge(source) ? pool.run(source, { name: 'markdown' }) : pageToMarkdown(source)),
    close() {
      isClosed = true
      return pool.destroy()
    },
  }
}

/** With all that is shown in it. */
function isLarge({ storage, found }: PageSource): boolean {
  let characters = storage.length
  for (const target of found?.values() ?? []) characters += target.storage?.length ?? 0
  return characters > LARGE
}
