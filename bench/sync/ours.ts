import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { emptyPostgres } from '../../server/test/database.ts'
import { freePort } from '../../server/test/port.ts'
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

interface Found {
  pages: number
  characters: number
}

/** An empty database of ours, for one sync. */
interface Store {
  env: Record<string, string>
  /** What the sync left behind; asked when the server has ended. */
  read(query: string): Promise<Found | undefined>
  drop(): Promise<void>
}

export async function embedded(): Promise<Store> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cc-bench-'))
  return {
    env: { DATA_DIR: dataDir },
    async read(query) {
      const database = await PGlite.create(join(dataDir, 'pglite'))
      const { rows } = await database.query<Found>(query)
      await database.close()
      return rows[0]
    },
    drop: async () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

/** @param admin a running PostgreSQL */
export const onPostgres = (admin: string) => async (): Promise<Store> => {
  const { databaseUrl, drop } = await emptyPostgres(admin)
  return {
    env: { DATABASE_URL: databaseUrl },
    async read(query) {
      const client = new pg.Client(databaseUrl)
      await client.connect()
      const { rows } = await client.query<Found>(query)
      await client.end()
      return rows[0]
    },
    drop,
  }
}

/** Pages with HTML and text. */
const STORED = `select count(*)::int as pages, sum(text_characters)::float8 as characters from pages
  where sync_status = 'READY' and html is not null and text is not null`

/** A first sync of our server, in a process of its own, to stored HTML and text. */
export async function runOurs(atlassian: Atlassian, open: () => Promise<Store>): Promise<Run> {
  const store = await open()
  try {
    const settings = await settingsFor(atlassian)
    const env = { ...settings, ...store.env }
    const server = await startServerProgram('serve', env)
    let took: Omit<Run, 'pages' | 'characters'>
    try {
      const customer = { url: settings.PUBLIC_URL, atlassian: atlassian.url, id: 'customer-1' }
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
    return { ...took, ...((await store.read(STORED)) ?? { pages: 0, characters: 0 }) }
  } finally {
    await store.drop()
  }
}
