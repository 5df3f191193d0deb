import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { manyCustomers } from './scale/customers.ts'
import type { Section } from './scale/section.ts'
import { largeSite } from './scale/site.ts'

/**
 * One site of many pages on PostgreSQL, and a simulated day of many customers.
 *
 * `BENCH_ONLY=site` or `day` takes one of the two. `BENCH_PAGES` takes another number of pages, with which the requirements, made for
 * 100,000, mean little. `BENCH_WRITE=1` writes `bench/results/scale.md` and the day's picture into `docs/images` as well.
 */
const pages = Number(process.env.BENCH_PAGES ?? 100_000)
const only = process.env.BENCH_ONLY
const isWritten = process.env.BENCH_WRITE === '1'

const write = (folder: string, name: string, text: string) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
}

const loadBefore = loadavg()[0] ?? 0
const sections: Section[] = []
if (only !== 'day') sections.push(await largeSite(pages))
if (only !== 'site') {
  const { plot, ...day } = await manyCustomers()
  sections.push(day)
  if (isWritten) write(join(import.meta.dirname, '../docs/images'), 'day.svg', plot)
}

const checks = sections.flatMap((section) => section.checks)
const passed = checks.every((check) => check.passed)
const text = `# Scale

Load of the machine before and after: ${loadBefore.toFixed(1)} and ${loadavg()[0]?.toFixed(1)}.

${sections.map((section) => section.text).join('\n')}
${checks.map((check) => `- ${check.passed ? 'pass' : 'FAIL'}: ${check.text}`).join('\n')}

**${passed ? 'pass' : 'FAIL'}**
`
process.stdout.write(text)
if (isWritten) write(join(import.meta.dirname, 'results'), 'scale.md', text)
process.exitCode = passed ? 0 : 1
