import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { casesOf } from './api/cases.ts'
import { databases } from './api/databases.ts'
import { measure } from './api/measure.ts'
import { type Report, reportOf } from './api/report.ts'
import { OTHERS, sizeOf } from './api/seed.ts'
import { startServerProcess } from './api/server.ts'

/**
 * Reads of the HTTP API against the bare SQL that each needs.
 *
 * `BENCH_PAGES` takes another number of pages for all databases, `BENCH_ONLY` one database (`PostgreSQL` or `PGlite`),
 * `BENCH_ROUNDS` another number of samples; `BENCH_WRITE=1` writes `bench/results/api.md` as well.
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
      const results = await measure(await casesOf(database.bare), { query: database.bare, server, rounds })
      return reportOf(
        `${kind}, ${number.format(size.pages)} pages of one customer, ${number.format(OTHERS * size.pagesPerOther)} of ${OTHERS} others`,
        results,
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

The server runs in a process of its own and is called over HTTP, with an API key; the bare SQL is what its answer needs (the page, and
the count where the answer has one), written by hand and run on the same database past the server, rows fetched. On PGlite, which one process at a time can open,
the bare SQL runs on an equal copy. Both sides take turns; ${rounds} samples each, pages of 100 rows. Bodies are short, about 150 bytes a page
in all: with longer ones PostgreSQL keeps the bodies apart, and lists do not read them.

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
