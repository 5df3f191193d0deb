import { parseArgs } from 'node:util'
import { startPostgres } from '../postgres.ts'
import { playAll, report, type Told } from './runs.ts'

// npm run faults -- --runs 500 --seed 1

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
    if (played % 25 === 0) say(`${played} of ${runs} runs, ${Math.round((Date.now() - began) / 1000)} s`)
  },
)
await postgres.stop()

const counts = new Map<string, number>()
for (const { acts } of outcomes)
  for (const [name, count] of Object.entries(acts)) counts.set(name, (counts.get(name) ?? 0) + count)
const wrong = outcomes.filter((outcome) => outcome.wrong.length > 0)
say(
  `${runs} runs in ${Math.round((Date.now() - began) / 1000)} s: ${wrong.length} went wrong. ` +
    `${sum(outcomes, ({ syncs }) => syncs)} syncs, ${sum(outcomes, ({ requests }) => requests)} requests.`,
)
for (const [name, count] of [...counts].sort(([, a], [, b]) => b - a)) say(`${String(count).padStart(6)} ${name}`)
if (wrong.length > 0) say(`Seeds that went wrong: ${wrong.map(({ plan }) => plan.seed).join(', ')}`)
process.exitCode = wrong.length > 0 ? 1 : 0
