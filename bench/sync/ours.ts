import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { freePort } from '../../server/test/stack.ts'
import { cpuOf, forgetPeak, peakOf, startServerProgram } from '../programs.ts'
import { API_KEY, connectAccount, syncEnd } from './customer.ts'
import { type Atlassian, counters, type Run, resetCounters } from './world.ts'

/** The server's settings for one stand-in. */
export async function settingsFor(atlassian: Atlassian) {
  const port = await freePort()
  return {
    PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
    API_KEY,
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_MINUTE: '0',
    ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
    ATLASSIAN_AUTH_URL: atlassian.url,
    ATLASSIAN_API_URL: atlassian.url,
    ATLASSIAN_CLIENT_ID: 'sandbox-client',
    ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
  }
}

/** A first sync of our server, in a process of its own with its embedded database, to stored HTML and text. */
export async function runOurs(atlassian: Atlassian): Promise<Run> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cc-bench-'))
  try {
    const env = { ...(await settingsFor(atlassian)), DATA_DIR: dataDir }
    const server = await startServerProgram('serve', env)
    let took: Omit<Run, 'pages' | 'characters'>
    try {
      const customer = { url: env.PUBLIC_URL, atlassian: atlassian.url, id: 'customer-1' }
      const { confirm } = await connectAccount(customer)
      await resetCounters(atlassian.url)
      forgetPeak(server.pid)
      const started = Date.now()
      const cpu = cpuOf(server.pid)
      const { finishedAt } = await syncEnd(customer, await confirm())
      const { requests, points } = await counters(atlassian.url)
      took = {
        ms: Date.parse(finishedAt) - started,
        cpu: cpuOf(server.pid) - cpu,
        peaks: [peakOf(server.pid)],
        requests,
        points,
        isWhole: true,
      }
    } finally {
      await server.close()
    }
    return { ...took, ...(await storedIn(join(dataDir, 'pglite'))) }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** What the sync left behind: pages with HTML and text. */
async function storedIn(folder: string): Promise<{ pages: number; characters: number }> {
  const database = await PGlite.create(folder)
  const { rows } = await database.query<{ pages: number; characters: number }>(
    `select count(*)::int as pages, sum(text_characters)::float8 as characters from pages
     where sync_status = 'READY' and html is not null and text is not null`,
  )
  await database.close()
  return rows[0] ?? { pages: 0, characters: 0 }
}
