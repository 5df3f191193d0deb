import { startPostgres } from '../../server/test/postgres.ts'
import { type Day, type DaySync, kinds, simulateLoad } from './day.ts'
import { plotOf } from './plot.ts'
import { number, type Section } from './section.ts'

const QUOTA = 65_000
/** Looks for edits that wait no longer than a minute, whatever else goes on. */
const MIN_PROMPT = 0.99
/** By so many of its pages one newcomer may be ahead of another of the same size, at any moment. */
const MAX_AHEAD = 0.05

const total = (hour: Day['hours'][number]) => kinds.reduce((sum, kind) => sum + hour[kind], 0)
const waited = ({ due, done }: DaySync) => (done ?? Number.POSITIVE_INFINITY) - due

/** A simulated day of 1,000 customers, with its picture. */
export async function manyCustomers(): Promise<Section & { plot: string }> {
  const postgres = await startPostgres()
  let day: Day
  try {
    day = await simulateLoad(postgres.url)
  } finally {
    await postgres.stop()
  }
  const of = Object.fromEntries(kinds.map((kind) => [kind, day.syncs.filter((sync) => sync.kind === kind)]))
  const longest = (syncs: DaySync[] = []) => Math.max(...syncs.map(waited))
  const prompt = (of.changes ?? []).filter((sync) => waited(sync) <= 1).length / (of.changes?.length ?? 0)
  const ahead = Math.max(
    ...(day.newcomers[0] ?? []).map((_, minute) => {
      const pages = day.newcomers.map((each) => each[minute] ?? 0)
      return (Math.max(...pages) - Math.min(...pages)) / day.newcomersPages
    }),
  )
  const most = Math.max(...day.hours.map(total))
  const points = (kind: (typeof kinds)[number]) => day.hours.reduce((sum, hour) => sum + hour[kind], 0)

  const names = { changes: 'looks for edits', sweep: 'sweeps', all: 'first syncs' }
  const text = `## A day of ${number.format(day.connections)} customers

Simulated: the server's own schedules and budget on a clock that nobody waits for, with sites of 30 to some 30,000 pages of which 2 % are edited a
day. At 9:10 five more connect, with ${number.format(day.newcomersPages)} pages each.

| | syncs | points | longest wait, minutes |
|---|--:|--:|--:|
${kinds.map((kind) => `| ${names[kind]} | ${number.format(of[kind]?.length ?? 0)} | ${number.format(points(kind))} | ${number.format(longest(of[kind]))} |`).join('\n')}
`
  return {
    text,
    plot: plotOf(day),
    checks: [
      {
        passed: most <= QUOTA,
        text: `points of the fullest hour: ${number.format(most)}, at most ${number.format(QUOTA)}`,
      },
      {
        passed: prompt >= MIN_PROMPT,
        text: `looks for edits that were through within a minute: ${(prompt * 100).toFixed(2)} %, at least ${MIN_PROMPT * 100} %`,
      },
      {
        passed: day.syncs.every(({ done }) => done !== undefined),
        text: `syncs that were not through when the day was over: ${day.syncs.filter(({ done }) => done === undefined).length}, none`,
      },
      {
        passed: ahead <= MAX_AHEAD,
        text: `first syncs of one size: one was ahead of another by ${(ahead * 100).toFixed(1)} % of its pages, at most ${MAX_AHEAD * 100} %`,
      },
    ],
  }
}
