import type { Growth } from './growth.ts'
import { markers, type Score } from './markers.ts'
import type { Converter } from './peers.ts'

/** What was measured of one converter; ours is the first one. */
export interface Row {
  converter: Converter
  score: Score
  speeds: { input: string; rounds: number[] }[]
}

const MIN_SPEED = { input: '50 KB', megabytes: 60 }
const MAX_GROWTH = 2.2

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const number = (value: number) => value.toFixed(value < 10 ? 1 : 0)
const speedsAt = ({ speeds }: Row, input: string) => speeds.find((speed) => speed.input === input)?.rounds ?? []

/** How many times as fast one is as the other: the median over rounds, since both have met about the same machine in each. */
const timesAsFast = (one: Row, other: Row, input: string) =>
  median(speedsAt(one, input).map((speed, round) => speed / (speedsAt(other, input)[round] ?? Number.NaN)))

const line = (row: Row) =>
  `| ${[
    row.converter.name,
    row.converter.makes,
    ...row.speeds.map(({ rounds }) => number(median(rounds))),
    `${row.score.kept} of ${markers.length}`,
    row.score.noise.length === 0 ? 'none' : row.score.noise.length,
  ].join(' | ')} |`

export function reportOf(
  [ours, ...others]: readonly Row[],
  growths: readonly Growth[],
): { markdown: string; passed: boolean } {
  if (!ours) throw new Error('There is nothing to report.')
  const speed = median(speedsAt(ours, MIN_SPEED.input))
  const equals = others.filter(
    ({ converter, score }) => converter.makes !== 'Markdown' && score.kept >= ours.score.kept,
  )
  const best = Math.max(...others.map(({ score }) => score.kept))
  const isClean = ours.score.noise.length === 0
  const verdicts: [passed: boolean, what: string][] = [
    [
      speed >= MIN_SPEED.megabytes,
      `HTML and text of the page of ${MIN_SPEED.input}: ${number(speed)} MB/s, at least ${MIN_SPEED.megabytes}`,
    ],
    [
      equals.every((row) => timesAsFast(ours, row, MIN_SPEED.input) > 1),
      `ahead of every other converter that keeps as much: ${equals.map(({ converter }) => converter.name).join(', ') || 'there is none'}`,
    ],
    [ours.score.kept >= best && isClean, `keeps most, and leaks nothing: ${ours.score.kept}, others at most ${best}`],
    ...growths.map(({ of, rounds }): [boolean, string] => [
      median(rounds) <= MAX_GROWTH,
      `${of}, doubled: ${median(rounds).toFixed(2)} times the time, at most ${MAX_GROWTH}`,
    ]),
  ]
  const passed = verdicts.every(([each]) => each)
  const lost = [ours, ...others].map(
    ({ converter, score }) => `- ${converter.name}: ${[...score.lost, ...score.noise].join(', ') || 'nothing'}`,
  )
  const markdown = `# Converters

MB of source a second of CPU: the median of all rounds.

| | makes | ${ours.speeds.map(({ input }) => input).join(' | ')} | kept | leaks |
|---|---|${ours.speeds.map(() => '--:|').join('')}--:|--:|
${[ours, ...others].map(line).join('\n')}

HTML and text at ${MIN_SPEED.input}, times as fast as: ${others.map((row) => `${row.converter.name} ${timesAsFast(ours, row, MIN_SPEED.input).toFixed(2)}`).join('; ')}.

Lost or leaked:
${lost.join('\n')}

${verdicts.map(([each, what]) => `- ${each ? 'pass' : 'FAIL'}: ${what}`).join('\n')}

**${passed ? 'pass' : 'FAIL'}**
`
  return { markdown, passed }
}
