import type { Result, Times } from './measure.ts'

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
  const names = new Set(results.flatMap(({ keyset }) => keyset?.of ?? []))
  return [...names].map((of) => {
    const medians = results.filter(({ keyset }) => keyset?.of === of).map(({ http }) => http.median)
    return { of, growth: (medians.at(-1) ?? 0) / (medians[0] ?? 1) }
  })
}

/** The table of one database and what it says of each requirement. */
export function reportOf(title: string, { results, ping }: { results: Result[]; ping: Times }): Report {
  const worst = results
    .filter(({ informative }) => !informative)
    .reduce((one, other) => (other.ratio > one.ratio ? other : one))
  const grown = growths(results)
  const withinRatio = worst.ratio <= MAX_RATIO
  const flat = grown.every(({ growth }) => growth <= MAX_GROWTH)
  const markdown = `## ${title}

| read | HTTP median, ms | p95 | bare SQL median, ms | p95 | ratio |
|---|--:|--:|--:|--:|--:|
${results
  .map(
    ({ name, informative, http, bare, ratio }) =>
      `| ${name}${informative ? ' (no count)' : ''} | ${ms(http.median)} | ${ms(http.p95)} | ${ms(bare.median)} | ${ms(bare.p95)} | ${ratio.toFixed(2)} |`,
  )
  .join('\n')}

A call without any SQL (\`/health\`): median ${ms(ping.median)} ms, p95 ${ms(ping.p95)} ms.

- ${verdict(withinRatio)}: medians of \`user_files_v2\` and \`items/list\` at most ${MAX_RATIO} times the bare SQL; the highest is ${worst.ratio.toFixed(2)} (${worst.name})
- ${verdict(flat)}: keyset reads at 99 % of the ids take at most ${MAX_GROWTH} times those at 0 %; ${grown
    .map(({ of, growth }) => `${of} ${growth.toFixed(2)}`)
    .join(', ')}
`
  return { markdown, passed: withinRatio && flat }
}
