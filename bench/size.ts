import { rmSync } from 'node:fs'
import { installed, installOurs } from './size/install.ts'
import { ours, peers } from './size/packages.ts'
import { lineOf, type Measured, tableOf } from './size/table.ts'
import { weightsOf } from './size/weigh.ts'
import { writeInto } from './size/write.ts'

/**
 * What the component weighs in an app, beside the components of others: installed alone, built the same way in one run.
 *
 * `BENCH_WRITE=1` also writes the table into docs/features.md and the line into README.md.
 */
const folder = installOurs()
const measured: Measured[] = []
try {
  for (const entry of [...ours.map((own) => ({ ...own, folder })), ...peers]) {
    measured.push({ entry, ...(await weightsOf(entry, entry.folder)), ...installed(entry.folder) })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const table = tableOf(measured)
process.stdout.write(
  `Scripts: kB minified / gzip / brotli, without React. Stylesheet: kB gzip. Installed: beside React.\n\n${table}`,
)
if (process.env.BENCH_WRITE === '1') {
  writeInto('docs/features.md', table)
  writeInto('README.md', lineOf(measured))
}
