import type { Result } from './measure.ts'

/** The requirements: how many times the bare SQL a call may take, and a keyset read at the end one at the start. */
const MAX_RATIO = 3
const MAX_GROWTH = 1.5

export interface Report {
  markdown: string
  passed: boolean
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1)
const verdict = (passed: boolean) => (passed ? 'pass' : 'FAIL')

/** By how much a keyset read grows from the first place to the last. */
function growths(results: Result[]): { of: string; growth: number }[] {
  const reads = Object.groupBy(
    results.filter(({ keyset }) => keyset),
    ({ keyset }) => keyset?.of ?? '',
  )
  return Object.entries(reads).map(([of, places = []]) => ({
    of,
    growth: (places.at(-1)?.http.median ?? 0) / (places[0]?.http.median ?? 1),
  }))
}

/** The table of one database and what it says of each requirement. */
export function reportOf(title: string, results: Result[]): Report {
  const worst = results.reduce((one, other) => (other.ratio > one.ratio ? other : one))
  const grown = growths(results)
  const withinRatio = worst.ratio <= MAX_RATIO
  const flat = grown.every(({ growth }) => growth <= MAX_GROWTH)
  const markdown = `## ${title}

| read | HTTP median, ms | p95 | bare SQL median, ms | p95 | ratio |
|---|--:|--:|--:|--:|--:|
${results
  .map(
    ({ name, http, bare, ratio }) =>
      `| ${name} | ${ms(http.median)} | ${ms(http.p95)} | ${ms(bare.median)} | ${ms(bare.p95)} | ${ratio.toFixed(2)} |`,
  )
  .join('\n')}

- ${verdict(withinRatio)}: medians at most ${MAX_RATIO} times the bare SQL; the highest is ${worst.ratio.toFixed(2)} (${worst.name})
- ${verdict(flat)}: keyset reads at 99 % of the ids take at most ${MAX_GROWTH} times those at 0 %; ${grown
    .map(({ of, growth }) => `${of} ${growth.toFixed(2)}`)
    .join(', ')}
`
  return { markdown, passed: withinRatio && flat }
}
