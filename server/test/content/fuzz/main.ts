import { parseArgs } from 'node:util'
import { documentOf, type Find, play } from './fuzz.ts'

// npm run fuzz -- --runs 100000 --seed 1

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
if (!Number.isInteger(runs) || !Number.isInteger(first) || runs < 1 || first < 0)
  throw new Error('--runs and --seed take whole numbers: npm run fuzz -- --runs 100000 --seed 1')

/** Milliseconds that a document may take, judging included, before it counts as slow: a constant, and some for each character. */
const allowance = (document: string) => 2_000 + document.length / 10
const FIND_LIMIT = 20

const say = (text: string) => process.stdout.write(`${text}\n`)
const finds: Find[] = []
const began = performance.now()
let characters = 0
for (let seed = first; seed < first + runs && finds.length < FIND_LIMIT; seed++) {
  const document = documentOf(seed)
  const started = performance.now()
  const find = play(seed)
  const took = performance.now() - started
  characters += document.length
  const slow = took > allowance(document) ? [`took ${Math.round(took)} ms for ${document.length} characters`] : []
  if (find || slow.length > 0) {
    const complaints = [...(find?.complaints ?? []), ...slow]
    finds.push({ seed, complaints, document })
    say(`seed ${seed}: ${complaints.slice(0, 3).join('\n  ')}`)
    if (runs === 1) say(document)
  }
  if ((seed - first + 1) % 10_000 === 0)
    say(`${seed - first + 1} documents, ${Math.round((performance.now() - began) / 1000)} s`)
}
const length = Math.round(characters / 1e6)
say(
  `${runs} documents, ${length} MB, in ${Math.round((performance.now() - began) / 1000)} s: ${finds.length} with finds.`,
)
if (finds.length > 0) say(`Seeds: ${finds.map(({ seed }) => seed).join(', ')}`)
process.exitCode = finds.length > 0 ? 1 : 0
