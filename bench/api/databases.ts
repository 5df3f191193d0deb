import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { openDatabase } from '../../server/src/db/database.ts'
import { startPostgres } from '../../server/test/postgres.ts'
import { type Query, type Size, seed } from './seed.ts'

/** A seeded database: the server's settings for it, and a way around the server. */
export interface BenchDatabase {
  env: Record<string, string>
  bare: Query
  close(): Promise<void>
}

/** Makes the tables as the server does. */
async function migrate(options: Parameters<typeof openDatabase>[0]) {
  const database = await openDatabase(options)
  await database.close()
}

const folder = () => mkdtempSync(join(tmpdir(), 'cc-bench-'))

async function openPostgres(size: Size): Promise<BenchDatabase> {
  const postgres = await startPostgres()
  const dataDir = folder()
  const name = `bench_${process.pid}`
  const databaseUrl = postgres.url.replace(/\/[^/?]*(?=\?|$)/, `/${name}`)
  const run = async (url: string, ...statements: string[]) => {
    const client = new pg.Client(url)
    await client.connect()
    for (const each of statements) await client.query(each)
    await client.end()
  }
  const client = new pg.Client(databaseUrl)
  const bare: Query = async (text, values) => (await client.query(text, values)).rows
  const close = async () => {
    await client.end()
    await run(postgres.url, `drop database if exists ${name} with (force)`)
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await run(postgres.url, `create database ${name}`)
    await migrate({ databaseUrl, dataDir })
    await client.connect()
    await seed(bare, size)
  } catch (error) {
    await close()
    throw error
  }
  return { env: { DATABASE_URL: databaseUrl, DATA_DIR: dataDir }, bare, close }
}

/** A folder can be open once, so the server gets one and the bare SQL an equal copy. */
async function openEmbedded(size: Size): Promise<BenchDatabase> {
  const dataDir = folder()
  const copy = folder()
  await migrate({ dataDir })
  const original = await PGlite.create(join(dataDir, 'pglite'))
  await seed(async (text, values) => (await original.query(text, values)).rows as never, size)
  await original.close()
  cpSync(join(dataDir, 'pglite'), copy, { recursive: true })
  const pglite = await PGlite.create(copy)
  return {
    env: { DATA_DIR: dataDir },
    bare: async (text, values) => (await pglite.query(text, values)).rows as never,
    async close() {
      await pglite.close()
      for (const each of [dataDir, copy]) rmSync(each, { recursive: true, force: true })
    },
  }
}

/** What is measured, and with how many pages unless `BENCH_PAGES` says another number. */
export const databases = [
  { kind: 'PostgreSQL', pages: 1_000_000, open: openPostgres },
  { kind: 'PGlite', pages: 50_000, open: openEmbedded },
]
