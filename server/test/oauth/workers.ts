import { pino } from 'pino'
import { parseConfig } from '../../src/config/config.ts'
import { type DatabaseOptions, openDatabase } from '../../src/db/database.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { createAtlassianOAuth } from '../../src/oauth/atlassian.ts'
import { tokenColumns } from '../../src/oauth/connection-tokens.ts'
import { createKeyring } from '../../src/oauth/encryption.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import type { Services } from '../../src/services.ts'
import { createConverters } from '../../src/sync/converters.ts'
import { Browser, signIn } from '../stack.ts'

const keyring = createKeyring([{ id: 'test', key: Buffer.alloc(32, 5) }])
const log = pino({ level: 'silent' })
const queue: Services['queue'] = {
  send: async () => {},
  work: async () => {},
  isAlive: async () => false,
  depths: async () => [],
  stop: async () => {},
}

/** Some workers that share a database, and a connection to a sandbox; nothing runs by itself. */
export interface Workers {
  sandboxUrl: string
  services: Services[]
  connection: { id: number; cloud_id: string }
  /** Calls the sandbox's admin API. */
  admin(method: string, path: string, body?: object): Promise<ReturnType<typeof JSON.parse>>
  close(): Promise<void>
}

/** @param count on PostgreSQL each with connections of its own, as in processes of their own; embedded, one process has all */
export async function openWorkers(options: DatabaseOptions, count: number): Promise<Workers> {
  const sandbox = await startSandbox({ pages: 20, spaces: 1, host: '127.0.0.1', port: 0 })
  const parsed = parseConfig({
    ATLASSIAN_AUTH_URL: sandbox.url,
    ATLASSIAN_API_URL: sandbox.url,
    ATLASSIAN_CLIENT_ID: 'sandbox-client',
    ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
  })
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  const { config } = parsed
  const atlassian = createAtlassianOAuth(config.atlassian)
  const first = await openDatabase(options)
  const others = await Promise.all(
    Array.from({ length: options.databaseUrl ? count - 1 : 0 }, () => openDatabase(options)),
  )
  const databases = [first, ...others]
  const converters = createConverters()
  const services = Array.from({ length: count }, (_, index) => {
    const { kysely: db } = databases[index] ?? first
    return { config, db, keyring, atlassian, queue, converters, log, metrics: createMetrics() }
  })

  const app = {
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
    redirectUri: `${config.publicUrl}/integrations/confluence`,
  }
  const back = await signIn(new Browser(), atlassian.authorizeUrl(app, 'a-state-of-the-test'), {
    stopAt: app.redirectUri,
  })
  const tokens = await atlassian.exchangeCode(app, new URL(back.url).searchParams.get('code') ?? '')
  const [site] = (await atlassian.sites(tokens.accessToken)).sites
  if (!site) throw new Error('The sandbox granted no site.')
  const { kysely: db } = first
  const { id: organizationId } = await db
    .insertInto('organizations')
    .values({ name: 'Acme' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: userId } = await db
    .insertInto('users')
    .values({ organization_id: organizationId, customer_id: 'customer', settings: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const connection = await db
    .insertInto('connections')
    .values({
      organization_id: organizationId,
      user_id: userId,
      cloud_id: site.cloudId,
      site_name: site.name,
      site_host: site.host,
      account_id: 'account',
      account_name: 'Jane',
      status: 'active',
      sync_status: 'READY',
      last_sync_action: 'ADD',
      tags: '{}',
      sync_options: '{}',
    })
    .returning(['id', 'cloud_id'])
    .executeTakeFirstOrThrow()
  await db
    .updateTable('connections')
    .set(tokenColumns({ keyring }, connection.id, tokens))
    .where('id', '=', connection.id)
    .execute()

  return {
    sandboxUrl: sandbox.url,
    services,
    connection,
    async admin(method, path, body) {
      const response = await fetch(`${sandbox.url}/sandbox${path}`, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      return response.json()
    },
    async close() {
      for (const database of databases) await database.close()
      await converters.close()
      await sandbox.close()
    },
  }
}
