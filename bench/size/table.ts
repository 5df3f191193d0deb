import type { Entry } from './packages.ts'
import type { Weight, Weights } from './weigh.ts'

export interface Measured extends Weights {
  entry: Entry
  packages: number
  bytes: number
}

const kB = (bytes: number) => (bytes / 1000).toFixed(1)
const scripts = ({ min, gzip, brotli }: Weight) => `${kB(min)} / ${kB(gzip)} / ${kB(brotli)}`
const styles = ({ css, entry }: Measured) => (entry.css ? kB(css.gzip) : 'in the script')

/** What was measured, as a table. */
export const tableOf = (
  all: Measured[],
) => `| package | first load | with all that comes later | stylesheet | packages | node_modules |
|---|--:|--:|--:|--:|--:|
${all
  .map(
    (each) =>
      `| ${each.entry.title} | ${scripts(each.first)} | ${scripts(each.whole)} | ${styles(each)} | ${each.packages} | ${(each.bytes / 1e6).toFixed(1)} MB |`,
  )
  .join('\n')}
`

/** The same in one line, for who does not read tables. */
export function lineOf([own, ...others]: Measured[]) {
  const of = ({ entry, first }: Measured) => `${entry.title} ${kB(first.gzip)} kB`
  if (!own) throw new Error('Nothing was measured.')
  return `The component's first load is ${kB(own.first.gzip)} kB (gzip, React not counted), ${kB(own.whole.gzip)} kB with every view.
Built the same way: ${others
    .filter(({ entry }) => !entry.from.startsWith('confluence-connect'))
    .map(of)
    .join(', ')} (\`npm run bench -- size\`).
`
}
