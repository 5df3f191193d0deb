import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { growthsOf } from './content/growth.ts'
import { markedPage, scoreOf } from './content/markers.ts'
import { measure } from './content/measure.ts'
import { inputs } from './content/pages.ts'
import { ours, peers } from './content/peers.ts'
import { type Row, reportOf } from './content/report.ts'

/**
 * Converters beside ours: how fast they are, by the size of the page, and what of a page they keep.
 *
 * `BENCH_ROUNDS` takes another number of rounds; `BENCH_WRITE=1` writes `bench/results/content.md` as well.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 15)
const converters = [ours, ...peers]
const load = () => `${loadavg()[0]?.toFixed(1)}`
const loadBefore = load()

const rows: Row[] = converters.map((converter) => ({
  converter,
  score: scoreOf(converter.convert(markedPage)),
  speeds: [],
}))
for (const input of inputs) {
  const speeds = measure(converters, input, rounds)
  for (const row of rows) row.speeds.push({ input: input.name, rounds: speeds.get(row.converter) ?? [] })
  process.stderr.write(`${input.name}: measured\n`)
}

const { markdown, passed } = reportOf(rows, growthsOf(ours, rounds))
const text = `${markdown}\nLoad of the machine before and after: ${loadBefore} and ${load()}.\n`
process.stdout.write(text)
if (process.env.BENCH_WRITE === '1') {
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'content.md'), text)
}
process.exitCode = passed ? 0 : 1
