import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../src/config/config.ts'
import { type Db, openDatabase } from '../../src/db/database.ts'
import type { Random } from '../../src/sandbox/random.ts'
import { startServer } from '../../src/server.ts'
import { emptyPostgres } from '../database.ts'
import { freePort } from '../port.ts'
import { runProgram } from '../program.ts'
import { serverEnv } from '../stack.ts'

/** A server under test, on one of the two databases, in this process or in processes of its own. */
export interface Host {
  url: string
  /** Whether it syncs blog posts, too. */
  blogPosts: boolean
  /** Looks into the database. */
  look<T>(see: (db: Db) => Promise<T>): Promise<T>
  /** What looking does to it. */
  looking: 'harmless' | 'crash'
  /** Kills a process, as a power cut would, and starts it again. @returns false where it is not up yet */
  crash?(random: Random): boolean
  /** When whatever was killed runs again. */
  revived(): Promise<void>
  close(): Promise<void>
}

interface Surroundings {
  atlassianUrl: string
  /** A PostgreSQL on which databases can be made. */
  postgresUrl: string
  blogPosts: boolean
}

const settings = ({ atlassianUrl, blogPosts }: Surroundings) => ({
  ...serverEnv(atlassianUrl),
  SYNC_BLOG_POSTS: blogPosts ? 'on' : 'off',
})

async function inThisProcess(surroundings: Surroundings, databaseUrl?: string): Promise<Host> {
  const port = await freePort()
  const parsed = parseConfig({
    PORT: String(port),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...settings(surroundings),
  })
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  const server = await startServer({ ...parsed.config, dataDir: 'memory://', databaseUrl })
  return {
    url: parsed.config.publicUrl,
    blogPosts: surroundings.blogPosts,
    look: (see) => see(server.services.db),
    looking: 'harmless',
    revived: async () => {},
    close: () => server.close(),
  }
}

/** Several hosts start at once, on a machine that may have other work. */
const PATIENCE_MS = 600_000

/** A command that is started again when it was killed. */
function keepAlive(command: string, says: string, env: Record<string, string>) {
  let program = runProgram([command], env)
  process.once('exit', () => program.child.kill('SIGKILL'))
  let isUp = false
  const up = async () => {
    await program.says(says, PATIENCE_MS)
    isUp = true
  }
  let reviving = up()
  const start = () => {
    program = runProgram([command], env)
    return up()
  }
  const end = () => {
    isUp = false
    program.child.kill('SIGKILL')
    return program.ended()
  }
  return {
    revived: () => reviving,
    async start() {
      reviving = start()
      await reviving
    },
    async kill() {
      await reviving
      await end()
    },
    /** For good. One that did not come up again has told so by then, where a run waited for it. */
    async close() {
      await reviving.catch(() => {})
      await end()
    },
    /** Dies now; what follows happens by itself. One that is not up yet is left alone. */
    crash() {
      const dies = isUp
      if (dies) reviving = end().then(start)
      // Waited for by whoever asks; until then it must not end this process.
      reviving.catch(() => {})
      return dies
    },
  }
}

async function processEnv(surroundings: Surroundings) {
  const port = String(await freePort())
  return { PORT: port, LOG_LEVEL: 'warn', ...settings(surroundings) }
}

async function embeddedProcess(surroundings: Surroundings): Promise<Host> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cc-faults-'))
  const env = { ...(await processEnv(surroundings)), DATA_DIR: dataDir }
  const server = keepAlive('serve', 'listens on', env)
  await server.revived()
  return {
    url: `http://localhost:${env.PORT}`,
    blogPosts: surroundings.blogPosts,
    // Nobody else may open its folder while it runs. Killed, not stopped: what it has acknowledged has to be there.
    async look(see) {
      await server.kill()
      const database = await openDatabase({ dataDir })
      const seen = await see(database.kysely).finally(() => database.close())
      await server.start()
      return seen
    },
    looking: 'crash',
    crash: server.crash,
    revived: server.revived,
    async close() {
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function postgresProcesses(surroundings: Surroundings): Promise<Host> {
  const { databaseUrl, drop } = await emptyPostgres(surroundings.postgresUrl)
  const env = { ...(await processEnv(surroundings)), DATABASE_URL: databaseUrl }
  const server = keepAlive('serve', 'listens on', env)
  await server.revived()
  const worker = keepAlive('work', 'working', { ...env, LOG_LEVEL: 'info' })
  await worker.revived()
  const database = await openDatabase({ databaseUrl, dataDir: 'unused' })
  const everyone = [server, worker]
  return {
    url: `http://localhost:${env.PORT}`,
    blogPosts: surroundings.blogPosts,
    look: (see) => see(database.kysely),
    looking: 'harmless',
    crash: (random) => random.pick(everyone).crash(),
    async revived() {
      await Promise.all(everyone.map((each) => each.revived()))
    },
    async close() {
      await database.close()
      await Promise.all(everyone.map((each) => each.close()))
      await drop()
    },
  }
}

/** Makes the host of each kind. */
const open = {
  embedded: (surroundings: Surroundings) => inThisProcess(surroundings),
  PostgreSQL: async (surroundings: Surroundings) => {
    const { databaseUrl, drop } = await emptyPostgres(surroundings.postgresUrl)
    const host = await inThisProcess(surroundings, databaseUrl)
    return {
      ...host,
      async close() {
        await host.close()
        await drop()
      },
    }
  },
  'embedded, killed': embeddedProcess,
  'PostgreSQL, killed': postgresProcesses,
} satisfies Record<string, (surroundings: Surroundings) => Promise<Host>>
export type HostKind = keyof typeof open

/** Half of all runs are with blog posts. */
const withBlogPosts: readonly HostKind[] = ['embedded', 'embedded, killed', 'PostgreSQL, killed']

export const openHost = (kind: HostKind, surroundings: Omit<Surroundings, 'blogPosts'>): Promise<Host> =>
  open[kind]({ ...surroundings, blogPosts: withBlogPosts.includes(kind) })

/** Of twenty runs, so many are on each kind: the fewer, the longer one takes. */
const turns: readonly HostKind[] = [
  'embedded',
  'PostgreSQL',
  'PostgreSQL, killed',
  'PostgreSQL',
  'embedded, killed',
  'embedded',
  'PostgreSQL',
  'PostgreSQL',
  'embedded',
  'PostgreSQL',
  'PostgreSQL',
  'embedded',
  'PostgreSQL, killed',
  'PostgreSQL',
  'embedded',
  'PostgreSQL',
  'PostgreSQL',
  'PostgreSQL, killed',
  'embedded',
  'PostgreSQL',
]
export const hostOf = (seed: number): HostKind => turns[seed % turns.length] as HostKind
