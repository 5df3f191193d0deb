import { admin, startAtlassian } from '../sync/world.ts'
import { startCluster, type Walk } from './cluster.ts'
import { type Check, number, type Section } from './section.ts'

// One site of many pages: first syncs with 1, 2 and 4 processes, then what is left to do each day.

const SPACES = 100
const PROCESSES = [1, 2, 4]

const MAX_POINTS_A_PAGE = 1.01
const MAX_GROWTH_MB = 60
/** Of 100,000 pages of which 1 % has changed. */
const maxChanges = { requests: 6, points: 1_100 }
const MAX_IDLE_POINTS = 2

interface Row {
  what: string
  walk: Walk
}

/** Edits one page in a hundred, spread over the site. */
async function edit(url: string): Promise<number> {
  const truth = (await (await fetch(`${url}/sandbox/truth`)).json()) as {
    pages: { id: string; status: string; spaceStatus: string; restricted: boolean }[]
  }
  const visible = truth.pages.filter(
    (page) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
  )
  const edited = visible.filter((_, index) => index % 100 === 50)
  for (const { id } of edited) await admin(url, `pages/${id}`, {}, 'PATCH')
  return edited.length
}

async function measure(size: number, processes: number, alsoDaily: boolean): Promise<Row[]> {
  const atlassian = await startAtlassian({ pages: size, spaces: SPACES, latencyMs: 0, latencyPerPageMs: 0 })
  const cluster = await startCluster(atlassian, processes)
  const rows: Row[] = []
  const add = async (what: string, walk: Promise<Walk>) => {
    rows.push({ what, walk: await walk })
    process.stderr.write(`${what}: ${Math.round((rows.at(-1)?.walk.ms ?? 0) / 1000)} s\n`)
  }
  try {
    await add(
      `first sync, ${number.format(size)} pages, ${processes} process${processes > 1 ? 'es' : ''}`,
      cluster.connect(),
    )
    if (rows[0]?.walk.pages !== atlassian.pages)
      throw new Error(`${rows[0]?.walk.pages} of ${atlassian.pages} pages were stored.`)
    if (!alsoDaily) return rows
    await add('nothing changed', cluster.walk('changes'))
    await add(`${number.format(await edit(atlassian.url))} pages edited`, cluster.walk('changes'))
    await add('sweep', cluster.walk('sweep'))
    return rows
  } finally {
    await cluster.close()
    await atlassian.close()
  }
}

const row = ({ what, walk: { ms, pages, requests, points, cpu, peak } }: Row) =>
  `| ${[what, number.format(requests), number.format(points), (ms / 1000).toFixed(1), number.format((pages / ms) * 1000), cpu.toFixed(1), number.format(peak)].join(' | ')} |`

export async function largeSite(pages: number): Promise<Section> {
  // What the memory of a large sync is compared with.
  const [small] = await measure(Math.round(pages / 10), 1, false)
  const large: Row[] = []
  for (const processes of PROCESSES) large.push(...(await measure(pages, processes, processes === PROCESSES.at(-1))))
  const [first, , , idle, changes] = large
  if (!small || !first || !idle || !changes) throw new Error('A walk is missing.')

  const growth = first.walk.peak - small.walk.peak
  const pointsAPage = first.walk.points / first.walk.pages
  const checks: Check[] = [
    {
      passed: pointsAPage <= MAX_POINTS_A_PAGE,
      text: `first sync: ${pointsAPage.toFixed(3)} points a page, at most ${MAX_POINTS_A_PAGE}`,
    },
    {
      passed: growth <= MAX_GROWTH_MB,
      text: `memory of one process: ${number.format(growth)} MB more than with a tenth of the pages, at most ${MAX_GROWTH_MB}`,
    },
    {
      passed: idle.walk.points <= MAX_IDLE_POINTS,
      text: `nothing changed: ${idle.walk.points} points, at most ${MAX_IDLE_POINTS}`,
    },
    {
      passed: changes.walk.requests <= maxChanges.requests && changes.walk.points <= maxChanges.points,
      text: `1 % edited: ${changes.walk.requests} requests and ${number.format(changes.walk.points)} points, at most ${maxChanges.requests} and ${number.format(maxChanges.points)}`,
    },
  ]
  const text = `## A large site on PostgreSQL

One site and one connection; sandbox, PostgreSQL and all processes of ours are on one machine.

| | requests | points | seconds | pages stored a second | seconds of CPU | most memory of a process, MB |
|---|--:|--:|--:|--:|--:|--:|
${[small, ...large].map(row).join('\n')}
`
  return { text, checks }
}
