import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../server/test/postgres.ts'
import { embedded, onPostgres, runOurs } from './sync/ours.ts'
import { runLangChain } from './sync/peer.ts'
import { budgetsOf, type Setting, tableOf, verdictOf } from './sync/report.ts'
import { startAtlassian, type World } from './sync/world.ts'

/**
 * A first sync of our server, to stored HTML and text, beside LangChain.js's loader, to memory, from the same pages.
 *
 * `BENCH_ONLY` takes one setting by its first words, `BENCH_ROUNDS` another number of rounds; `BENCH_WRITE=1` writes
 * `bench/results/sync.md` as well.
 */
interface Plan {
  title: string
  world: World
  rounds: number
  /** Seconds after which the peer begins no further space. */
  seconds: number
}

const atOnce = { latencyMs: 0, latencyPerPageMs: 0 }
const slow = { latencyMs: 250, latencyPerPageMs: 4 }
const small = { pages: 2_000, spaces: 6 }
const large = { pages: 20_000, spaces: 40 }
const plans: Plan[] = [
  { title: '2,000 pages, answers at once', world: { ...small, ...atOnce }, rounds: 5, seconds: 600 },
  { title: '20,000 pages, answers at once', world: { ...large, ...atOnce }, rounds: 1, seconds: 600 },
  { title: '2,000 pages, answers in 250 ms + 4 ms a page', world: { ...small, ...slow }, rounds: 2, seconds: 600 },
  { title: '20,000 pages, answers in 250 ms + 4 ms a page', world: { ...large, ...slow }, rounds: 1, seconds: 60 },
]

async function bench({ title, world, rounds, seconds }: Plan, admin: string): Promise<Setting> {
  const atlassian = await startAtlassian(world)
  const ours = { name: 'Confluence Connect', runs: [], run: () => runOurs(atlassian, onPostgres(admin)) }
  const alone = { name: 'Confluence Connect, embedded database', runs: [], run: () => runOurs(atlassian, embedded) }
  const peers = [
    { name: 'LangChain.js', runs: [], run: () => runLangChain(atlassian, { limit: 25, seconds }) },
    { name: 'LangChain.js, `limit: 100`', runs: [], run: () => runLangChain(atlassian, { limit: 100, seconds }) },
  ]
  const sides: (Setting['ours'] & { run: () => ReturnType<typeof runOurs> })[] = [ours, alone, ...peers]
  for (let round = 0; round < Number(process.env.BENCH_ROUNDS ?? rounds); round++) {
    // Who goes first changes, so that a machine that slows down or speeds up is nobody's advantage.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const run = await side.run()
      if (run.isWhole && run.pages !== atlassian.pages)
        throw new Error(`${side.name} has ${run.pages} of ${atlassian.pages} pages.`)
      side.runs.push(run)
      process.stderr.write(`${title}: ${side.name}, ${Math.round(run.ms / 100) / 10} s\n`)
    }
  }
  await atlassian.close()
  return { title, world, ours, alone, peers }
}

const load = () => `${loadavg()[0]?.toFixed(1)}`
const loadBefore = load()
const settings: Setting[] = []
const postgres = await startPostgres()
try {
  for (const plan of plans) {
    if (process.env.BENCH_ONLY && !plan.title.startsWith(process.env.BENCH_ONLY)) continue
    settings.push(await bench(plan, postgres.url))
  }
} finally {
  await postgres.stop()
}

const budgets = settings.flatMap(budgetsOf)
const passed = budgets.every((budget) => budget.passed)
const text = `# A first sync beside LangChain.js

The sandbox answers both from the same pages of some 12 kB, in a process of its own. Our server is \`serve\`, on PostgreSQL and on its
embedded database, and has finished when HTML and text of all pages are stored; LangChain.js's \`ConfluencePagesLoader\` has when all texts
are in memory. It speaks version 1 of the API, which the benchmark serves beside the sandbox's. All take turns; medians of all rounds, ratios within
each. CPU and memory are those of our process and of the loader's; PostgreSQL has its own. Where the loader was stopped, its pages a second are those until then: it fetches one after the other, so the rest takes as
long for each page. Load of the machine before and after: ${loadBefore} and ${load()}.

${settings.map(tableOf).join('\n')}
${budgets.map(verdictOf).join('\n')}

**${passed ? 'pass' : 'FAIL'}**
`
process.stdout.write(text)
if (process.env.BENCH_WRITE === '1') {
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'sync.md'), text)
}
process.exitCode = passed ? 0 : 1
