import { parseArgs } from 'node:util'
import { startPostgres } from '../postgres.ts'
import { playAll, report, type Told } from './runs.ts'
import { happenings } from './tally.ts'

// npm run faults -- --runs 500 --seed 1

/** In so many, everything has to happen. */
const ENOUGH_RUNS = 100

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '25' }, seed: { type: 'string', default: '1' } },
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
if (!Number.isInteger(runs) || !Number.isInteger(first) || runs < 1 || first < 0)
  throw new Error('--runs and --seed take whole numbers: npm run faults -- --runs 500 --seed 1')

const say = (text: string) => process.stdout.write(`${text}\n`)
const sum = (outcomes: readonly Told[], of: (outcome: Told) => number) =>
  outcomes.reduce((total, outcome) => total + of(outcome), 0)

const postgres = await startPostgres()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => postgres.stop().then(() => process.exit(130)))
const began = Date.now()
let played = 0
const outcomes = await playAll(
  Array.from({ length: runs }, (_, index) => first + index),
  postgres.url,
  (outcome) => {
    played += 1
    if (outcome.wrong.length > 0) say(report(outcome))
    if (played % 20 === 0) say(`${played} of ${runs} runs, ${Math.round((Date.now() - began) / 1000)} s`)
  },
)
await postgres.stop()

const counts = happenings.map(
  (name) => [name, sum(outcomes, ({ happened }) => happened[name] ?? 0)] satisfies [string, number],
)
const never = counts.filter(([, count]) => count === 0).map(([name]) => name)
const wrong = outcomes.filter((outcome) => outcome.wrong.length > 0)
say(
  `${runs} runs in ${Math.round((Date.now() - began) / 1000)} s: ${wrong.length} went wrong. ` +
    `${sum(outcomes, ({ syncs }) => syncs)} syncs, ${sum(outcomes, ({ requests }) => requests)} requests.`,
)
for (const [name, count] of counts.sort(([, a], [, b]) => b - a)) say(`${String(count).padStart(6)} ${name}`)
if (wrong.length > 0) say(`Seeds that went wrong: ${wrong.map(({ plan }) => plan.seed).join(', ')}`)
const isIncomplete = never.length > 0 && runs >= ENOUGH_RUNS
if (isIncomplete) say(`In ${runs} runs never seen: ${never.join(', ')}`)
process.exitCode = wrong.length > 0 || isIncomplete ? 1 : 0
