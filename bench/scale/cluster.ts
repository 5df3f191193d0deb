import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../server/test/postgres.ts'
import { cpuOf, forgetPeak, peakOf, startServerProgram, startWorkerProgram } from '../programs.ts'
import { type Customer, callAs, connectAccount, syncEnd } from '../sync/customer.ts'
import { settingsFor } from '../sync/ours.ts'
import { type Atlassian, counters, resetCounters } from '../sync/world.ts'

/** What one walk took. */
export interface Walk {
  ms: number
  /** Pages that were stored or, by a look that fetches no bodies, nothing. */
  pages: number
  requests: number
  points: number
  /** Seconds of CPU of all processes of ours. */
  cpu: number
  /** The most memory that any one of them had, in MB. */
  peak: number
}

/** A server and its workers on one PostgreSQL, with one customer who is about to connect. */
export interface Cluster {
  /** Connects the customer: the first sync. */
  connect(): Promise<Walk>
  /** Another walk of the same connection. */
  walk(kind: 'changes' | 'sweep'): Promise<Walk>
  close(): Promise<void>
}

/** Starts a server and `processes - 1` workers beside it: the server works as well. */
export async function startCluster(atlassian: Atlassian, processes: number): Promise<Cluster> {
  const postgres = await startPostgres()
  const dataDir = mkdtempSync(join(tmpdir(), 'cc-bench-'))
  const name = `scale_${process.pid}_${processes}`
  const query = async (text: string) => {
    const client = new pg.Client(postgres.url)
    await client.connect()
    await client.query(text)
    await client.end()
  }
  await query(`create database ${name}`)
  const env = {
    ...(await settingsFor(atlassian)),
    DATA_DIR: dataDir,
    DATABASE_URL: postgres.url.replace(/\/[^/?]*(?=\?|$)/, `/${name}`),
  }
  const server = await startServerProgram('serve', env)
  const workers = []
  for (let worker = 1; worker < processes; worker++) workers.push(await startWorkerProgram(env))
  const all = [server, ...workers]
  const customer: Customer = { url: env.PUBLIC_URL, atlassian: atlassian.url, id: 'customer-1' }
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  let connection = 0

  async function measured(begin: () => Promise<number | undefined>): Promise<Walk> {
    await resetCounters(atlassian.url)
    for (const { pid } of all) forgetPeak(pid)
    const cpu = sum(all.map(({ pid }) => cpuOf(pid)))
    const started = Date.now()
    const syncId = await begin()
    const { finishedAt, pages } = await syncEnd(customer, connection, syncId)
    const { requests, points } = await counters(atlassian.url)
    return {
      ms: Date.parse(finishedAt) - started,
      pages: pages.synced,
      requests,
      points,
      cpu: sum(all.map(({ pid }) => cpuOf(pid))) - cpu,
      peak: Math.max(...all.map(({ pid }) => peakOf(pid))),
    }
  }

  return {
    async connect() {
      const { confirm } = await connectAccount(customer)
      return measured(async () => {
        connection = await confirm()
        return undefined
      })
    },
    walk: (kind) =>
      measured(async () => {
        const { body } = await callAs(customer)('POST', `/v1/connections/${connection}/sync`, { walk: kind })
        return body.syncId
      }),
    async close() {
      for (const each of all) await each.close()
      await query(`drop database if exists ${name} with (force)`)
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
