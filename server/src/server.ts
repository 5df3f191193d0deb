import type { Logger } from 'pino'
import { adoptApiKey, createApiKey, ensureOrganization, hasApiKey } from './api-keys.ts'
import { type Config, isLoopback } from './config/config.ts'
import { loadEncryptionKeys } from './config/keys.ts'
import { type Database, openDatabase } from './db/database.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import { metricsRoutes } from './http/metrics.ts'
import { createLog } from './log.ts'
import { startMaintenance } from './maintenance.ts'
import { meteredOAuth } from './metrics/metered.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createAtlassianOAuth } from './oauth/atlassian.ts'
import { createKeyring } from './oauth/encryption.ts'
import type { Services } from './services.ts'
import { createConverters } from './sync/converters.ts'
import { createQueue } from './sync/queue.ts'
import { resumeSyncs } from './sync/rescue.ts'
import { planSyncs } from './sync/schedule.ts'
import { startWorkers } from './sync/workers.ts'
import { startDispatching } from './webhooks/start.ts'

export interface RunningServer {
  /** Where it listens on this machine. */
  url: string
  port: number
  /** The port of `/metrics`, where that is not the same. */
  metricsPort?: number
  /** An API key that was made because there was none; shown once. */
  generatedApiKey: string | undefined
  /** False: no call can succeed before a key is made. */
  hasApiKey: boolean
  /** What it works with, for tests in the same process. */
  services: Services
  /** Finishes what runs, up to a limit, and stops. */
  close(): Promise<void>
}

interface Core extends Pick<Database, 'upkeep'> {
  services: Services
  organizationId: number
  close(): Promise<void>
}

/** What the server and a worker share: the database and the services on it. */
async function openCore(config: Config, log: Logger): Promise<Core> {
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end()
  }
  try {
    const database = await openDatabase(config)
    opened.push(database.close)
    const keyring = createKeyring(loadEncryptionKeys(config))
    const organizationId = await ensureOrganization(database.kysely, config.organizationName)
    const converters = createConverters()
    opened.push(converters.close)
    const queue = await createQueue(database.queue, log)
    opened.push(queue.stop)
    const metrics = createMetrics()
    const services: Services = {
      config,
      db: database.kysely,
      keyring,
      atlassian: meteredOAuth(createAtlassianOAuth(config.atlassian), metrics),
      queue,
      converters,
      log,
      metrics,
    }
    if (database.exclusive) await resumeSyncs(services)
    // `SYNC_INTERVAL_HOURS` may be another than last time.
    await planSyncs(services)
    return { services, organizationId, upkeep: database.upkeep, close }
  } catch (error) {
    // What is left open would keep alive a process that has not started.
    await close().catch((late: Error) => log.error({ error: late.message }, 'closing after a failed start'))
    throw error
  }
}

/** What every process has beside the API: its work, and its numbers where they have a port of their own. */
async function startWork({ services, upkeep }: Core): Promise<{ stop(): Promise<unknown>; metricsPort?: number }> {
  const { host, metricsPort } = services.config
  await startWorkers(services)
  // The last that can fail: nobody would close it, and it would keep the process alive.
  const listener =
    metricsPort === undefined ? undefined : await listen(metricsRoutes(services), { host, port: metricsPort })
  const dispatching = startDispatching(services)
  const maintenance = startMaintenance(services, { upkeep })
  return {
    stop: () => Promise.all([dispatching.stop(), maintenance.stop(), listener?.close()]),
    ...(listener && { metricsPort: listener.port }),
  }
}

/** Starts the API and, in the same process, the workers. */
export async function startServer(config: Config, log = createLog(config)): Promise<RunningServer> {
  const core = await openCore(config, log)
  const { services, organizationId } = core
  const started: { stop(): Promise<unknown> }[] = []
  const close = async () => {
    await Promise.all(started.map((part) => part.stop()))
    await core.close()
  }
  try {
    await adoptApiKey(services.db, organizationId, config.apiKey)
    const listener = await listen(createApp(services), config)
    started.push({ stop: listener.close })
    const work = await startWork(core)
    started.push(work)
    // A key is made only when all else has worked: it is shown once, and nobody would see it otherwise.
    const hasKey = await hasApiKey(services.db)
    const generated =
      isLoopback(config.host) && !hasKey
        ? await createApiKey(services.db, organizationId, 'generated at the first start')
        : undefined
    log.info(
      {
        host: config.host,
        port: listener.port,
        publicUrl: config.publicUrl,
        database: config.databaseUrl ? 'postgresql' : 'embedded',
      },
      'listening',
    )
    return {
      url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${listener.port}`,
      port: listener.port,
      ...(work.metricsPort !== undefined && { metricsPort: work.metricsPort }),
      generatedApiKey: generated?.key,
      hasApiKey: hasKey || generated !== undefined,
      services,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Starts workers only. They need a PostgreSQL that they share with the server. */
export async function startWorker(
  config: Config,
  log = createLog(config),
): Promise<{ metricsPort?: number; close(): Promise<void> }> {
  const core = await openCore(config, log)
  try {
    const work = await startWork(core)
    log.info('working')
    return {
      ...(work.metricsPort !== undefined && { metricsPort: work.metricsPort }),
      async close() {
        await work.stop()
        await core.close()
      },
    }
  } catch (error) {
    await core.close()
    throw error
  }
}
