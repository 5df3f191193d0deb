import type { Logger } from 'pino'
import type { Config } from './config/config.ts'
import type { Db } from './db/database.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { AtlassianOAuth } from './oauth/atlassian.ts'
import type { Keyring } from './oauth/encryption.ts'
import type { Converters } from './sync/converters.ts'
import type { JobQueue } from './sync/queue.ts'

/** What the rooms work with, made once at start and passed down. */
export interface Services {
  config: Config
  db: Db
  keyring: Keyring
  atlassian: AtlassianOAuth
  queue: JobQueue
  converters: Converters
  log: Logger
  metrics: Metrics
}
