import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const SAMPLES = path.join(import.meta.dirname, '../../samples')

export interface Sample {
  name: string
  storage: string
  /** What Confluence's own `view` made of the page, where it is known. */
  view?: string
}

/** The real pages of a Confluence Cloud site. */
export const realPages: readonly Sample[] = readdirSync(path.join(SAMPLES, 'querypie-docs'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const folder = path.join(SAMPLES, 'querypie-docs', name)
    const storage = readFileSync(path.join(folder, 'page.xhtml'), 'utf8')
    const hasView = readdirSync(folder).includes('page.html')
    return { name, storage, ...(hasView ? { view: readFileSync(path.join(folder, 'page.html'), 'utf8') } : {}) }
  })

/** Pages that tools write for Confluence. */
export const syntheticPages: readonly Sample[] = [...filesOf('mark', '.html'), ...filesOf('md2conf', '.xml')]

function filesOf(set: string, ending: string): Sample[] {
  return readdirSync(path.join(SAMPLES, set))
    .filter((file) => file.endsWith(ending))
    .map((file) => ({ name: `${set}/${file}`, storage: readFileSync(path.join(SAMPLES, set, file), 'utf8') }))
}
