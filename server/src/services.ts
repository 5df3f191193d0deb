import type { Logger } from 'pino'
import type { Config } from './config/config.ts'
import type { Db } from './db/database.ts'
import type { AtlassianOAuth, OAuthApp } from './oauth/atlassian.ts'
import type { Keyring } from './oauth/encryption.ts'
import type { JobQueue } from './sync/queue.ts'

/** What the rooms work with, made once at start and passed down. */
export interface Services {
  config: Config
  db: Db
  keyring: Keyring
  atlassian: AtlassianOAuth
  queue: JobQueue
  log: Logger
}

/** The callback's path is fixed by Carbon's contract: customers registered it with their own OAuth apps. */
export const CALLBACK_PATH = '/integrations/confluence'

/** The OAuth app that an organisation's flows and refreshes run under; undefined when none is configured. */
export function oauthApp({ config }: Pick<Services, 'config'>): OAuthApp | undefined {
  const { clientId, clientSecret } = config.atlassian
  return clientId && clientSecret
    ? { clientId, clientSecret, redirectUri: config.publicUrl + CALLBACK_PATH }
    : undefined
}
