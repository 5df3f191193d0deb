import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { casesOf } from './api/cases.ts'
import { databases } from './api/databases.ts'
import { measure } from './api/measure.ts'
import { type Report, reportOf } from './api/report.ts'
import { OTHERS, sizeOf } from './api/seed.ts'
import { startServerProcess } from './api/server.ts'
import { PAGE } from './api/sql.ts'

/**
 * Reads of the HTTP API against the bare SQL that each needs.
 *
 * `BENCH_PAGES` takes another number of pages for all databases, `BENCH_ONLY` one database (`PostgreSQL` or `PGlite`),
 * `BENCH_ROUNDS` another number of samples; `BENCH_WRITE=1` writes `bench/results/api.md` as well. With fewer than some 50,000
 * pages HTTP outweighs the SQL, and the ratios say little.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 30)
const number = new Intl.NumberFormat('en')

async function bench({ kind, pages, open }: (typeof databases)[number]): Promise<Report> {
  const size = sizeOf(Number(process.env.BENCH_PAGES ?? pages))
  const started = performance.now()
  const database = await open(size)
  process.stderr.write(`${kind}: seeded in ${Math.round((performance.now() - started) / 1000)} s\n`)
  try {
    const server = await startServerProcess(database.env)
    try {
      const others = number.format(OTHERS * size.pagesPerOther)
      return reportOf(
        `${kind}, ${number.format(size.pages)} pages of one customer, ${others} of ${OTHERS} others`,
        await measure(await casesOf(database.bare), { query: database.bare, server, rounds }),
      )
    } finally {
      await server.close()
    }
  } finally {
    await database.close()
  }
}

const reports: Report[] = []
for (const each of databases) {
  if (process.env.BENCH_ONLY && process.env.BENCH_ONLY !== each.kind) continue
  reports.push(await bench(each))
}

const passed = reports.every((report) => report.passed)
const text = `# Reads of the API against the bare SQL

The server runs in a process of its own and is called over HTTP, with an API key. The bare SQL is what its answer needs, the page and
the count where there is one, written by hand and run past the server, rows fetched. One process at a time can open a PGlite, so
there it runs on an equal copy. Both sides take turns; ${rounds} samples each, pages of ${PAGE.limit} rows. Bodies are short, 150 bytes for
each page in all; lists read none.

\`user_files\` is \`user_files_v2\` without the count: it shows that a keyset read by itself does not grow. Next to so
little SQL most of its time is HTTP, so its ratio is shown and not judged.

${reports.map(({ markdown }) => markdown).join('\n')}
**${passed ? 'pass' : 'FAIL'}**
`
process.stdout.write(text)
if (process.env.BENCH_WRITE === '1') {
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'api.md'), text)
}
process.exitCode = passed ? 0 : 1
