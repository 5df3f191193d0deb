import type { Run, World } from './world.ts'

/** Who syncs. `name` is what the table calls it. */
export interface Side {
  name: string
  runs: Run[]
}

/** One setting in which all sides have run. */
export interface Setting {
  title: string
  world: World
  /** Our server as it runs in production, which the requirements are about. */
  ours: Side
  /** The same with its embedded database. */
  alone: Side
  peers: Side[]
}

export interface Budget {
  what: string
  value: number
  limit: number
  passed: boolean
}

const MAX_POINTS = 1.01
/** How many times as many pages a second as the faster peer; where Atlassian takes its time, as the peer with its own defaults. */
const MIN_SPEED = { atOnce: 2, slow: 10 }

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const rate = ({ pages, ms }: Run) => (pages / ms) * 1000
const rateOf = ({ runs }: Side) => median(runs.map(rate))
const pointsPerPage = ({ points, pages }: Run) => points / pages

/**
 * How many times as fast one side is: the median over rounds, since both sides of a round have met about the same machine.
 */
const timesAsFast = (ours: Side, peer: Side) =>
  median(ours.runs.flatMap((run, round) => (peer.runs[round] ? [rate(run) / rate(peer.runs[round])] : [])))

function row({ name, runs }: Side): string {
  const [run] = runs
  if (!run) return ''
  const cells = [
    run.isWhole ? name : `${name} (stopped after ${number.format(run.pages)} pages)`,
    number.format(run.requests),
    number.format(run.points),
    pointsPerPage(run).toFixed(3),
    number.format(rateOf({ name, runs })),
    number.format(median(runs.map(({ pages, cpu }) => pages / cpu))),
    run.isWhole ? number.format(Math.max(...runs.flatMap(({ peaks }) => peaks))) : '',
    number.format(run.characters / run.pages),
  ]
  return `| ${cells.join(' | ')} |`
}

/** What a setting says of each requirement. */
export function budgetsOf({ title, world, ours, alone, peers }: Setting): Budget[] {
  const isSlow = world.latencyMs > 0
  const limit = isSlow ? MIN_SPEED.slow : MIN_SPEED.atOnce
  const judged = isSlow ? peers.slice(0, 1) : peers
  const speed = Math.min(...judged.map((peer) => timesAsFast(ours, peer)))
  const points = Math.max(...[...ours.runs, ...alone.runs].map(pointsPerPage))
  return [
    { what: `${title}: points for each page`, value: points, limit: MAX_POINTS, passed: points <= MAX_POINTS },
    {
      what: `${title}: times as many pages a second as ${judged.length > 1 ? 'the faster setting of ' : ''}LangChain.js`,
      value: speed,
      limit,
      passed: speed >= limit,
    },
  ]
}

/** The table of one setting. */
export const tableOf = ({ title, ours, alone, peers }: Setting): string => `## ${title}

| | requests | points | points a page | pages/s | pages a CPU second | peak memory, MB | characters of text a page |
|---|--:|--:|--:|--:|--:|--:|--:|
${[ours, alone, ...peers].map(row).join('\n')}

${peers.map((peer) => `${timesAsFast(ours, peer).toFixed(1)} times as many pages a second as ${peer.name} (${timesAsFast(alone, peer).toFixed(1)} with the embedded database)`).join('; ')}.
`

export const verdictOf = ({ what, value, limit, passed }: Budget): string =>
  `- ${passed ? 'pass' : 'FAIL'}: ${what}: ${value.toFixed(3)}, ${value > limit === passed ? 'at least' : 'at most'} ${limit}`
