import type { Case } from './cases.ts'
import type { Query } from './seed.ts'
import type { BenchServer } from './server.ts'

export interface Times {
  median: number
  p95: number
}

export interface Result extends Pick<Case, 'name' | 'keyset' | 'informative'> {
  http: Times
  bare: Times
  /** How many times as long the call takes, by medians. */
  ratio: number
}

const WARM_UP = 5

const at = (sorted: number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
const timesOf = (samples: number[]): Times => {
  const sorted = samples.toSorted((a, b) => a - b)
  return { median: at(sorted, 0.5), p95: at(sorted, 0.95) }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}

/** Rows of both sides must be the same, or the comparison says nothing. */
async function assertSame({ name, path, body, bare }: Case, query: Query, server: BenchServer): Promise<void> {
  const answer = JSON.parse(await server.call(path, body))
  const listed: { id: number }[] = Array.isArray(answer) ? answer : (answer.results ?? answer.items)
  const told = [listed.map(({ id }) => id).join(), String(answer.count ?? '')]
  const expected: string[] = []
  for (const { text, values } of bare) {
    const rows = await query<{ id?: number; count?: unknown }>(text, values)
    expected.push(rows[0]?.count === undefined ? rows.map(({ id }) => id).join() : String(rows[0].count))
  }
  if (told.filter(Boolean).join(' ') !== expected.filter(Boolean).join(' '))
    throw new Error(`${name}: the server and the bare SQL do not find the same.`, { cause: { told, expected } })
}

/**
 * Measures all cases, in rounds over all of them: what else the machine does then slows all cases and both sides alike. Which side
 * goes first changes from round to round.
 */
export async function measure(
  cases: Case[],
  { query, server, rounds }: { query: Query; server: BenchServer; rounds: number },
): Promise<{ results: Result[]; ping: Times }> {
  for (const each of cases) await assertSame(each, query, server)
  const samples = cases.map((each) => ({ each, http: [] as number[], bare: [] as number[] }))
  const pings: number[] = []
  for (let round = -WARM_UP; round < rounds; round++) {
    const keep = (side: number[], time: number) => round >= 0 && side.push(time)
    keep(pings, await timed(server.ping))
    for (const { each, http, bare } of samples) {
      const sides: [number[], () => Promise<unknown>][] = [
        [http, () => server.call(each.path, each.body)],
        [
          bare,
          async () => {
            for (const { text, values } of each.bare) await query(text, values)
          },
        ],
      ]
      for (const [side, run] of round % 2 === 0 ? sides : sides.toReversed()) keep(side, await timed(run))
    }
  }
  return {
    ping: timesOf(pings),
    results: samples.map(({ each, ...sides }) => {
      const [http, bare] = [timesOf(sides.http), timesOf(sides.bare)]
      return { ...each, http, bare, ratio: http.median / bare.median }
    }),
  }
}
