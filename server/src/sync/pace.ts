import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { type ConfluenceClient, createConfluenceClient } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import type { Pace } from '../confluence/pace.ts'
import type { Db } from '../db/database.ts'
import type { ConnectionRow } from '../db/schema.ts'
import { connectionTokens } from '../oauth/connection-tokens.ts'
import type { Services } from '../services.ts'
import { type App, type Manners, reserve, settle } from './budget.ts'
import { giveTurnBack, RENEW_MS, renewTurn, takeTurn } from './site-pace.ts'

/** How long a job waits for its turn at a site before it makes room for others. */
const PATIENCE_MS = 3_000
const FIRST_LOOK_MS = 20
const LAST_LOOK_MS = 500

/**
 * The client through which syncs ask Atlassian: with the connection's tokens, within the app's points and at the site's pace.
 *
 * @param manners how the sync stands towards others, asked before each request
 */
export const siteClient = (
  services: Services,
  connection: Pick<ConnectionRow, 'id' | 'cloud_id' | 'client_id'>,
  signal: AbortSignal,
  manners: () => Manners,
): ConfluenceClient =>
  createConfluenceClient({
    apiUrl: services.config.atlassian.apiUrl,
    cloudId: connection.cloud_id,
    tokens: connectionTokens(services, connection.id, signal),
    pace: sharedPace(services, connection, { signal, manners }),
    blogPosts: services.config.syncBlogPosts,
  })

/** Forgets the requests of a process that died, where no other can be alive. */
export async function forgetRequests(db: Db): Promise<void> {
  await db.updateTable('site_paces').set({ turns: sql`'{}'` }).execute()
  await db.updateTable('points_hours').set({ reserved: 0 }).execute()
}

/** The pace that all workers keep together: the site's turns first, then the app's points. */
export function sharedPace(
  { db, config }: Pick<Services, 'db' | 'config'>,
  { cloud_id: cloudId, client_id }: Pick<ConnectionRow, 'cloud_id' | 'client_id'>,
  {
    signal,
    manners = () => ({}),
    now = Date.now,
  }: { signal?: AbortSignal; manners?: () => Manners; now?: () => number } = {},
): Pace {
  const { clientId: own, pointsPerHour } = config.atlassian
  const app: App = { clientId: client_id ?? own ?? '', pointsPerHour }

  async function enterSite(): Promise<string> {
    const deadline = now() + PATIENCE_MS
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(2 * wait, LAST_LOOK_MS)) {
      const entered = await takeTurn(db, cloudId, now())
      if (entered.ok) return entered.turn
      if (entered.closed?.closed_as === 'rate_limited')
        throw new AtlassianError('rate_limited', 'Atlassian asked to wait with this site.', {
          retryAt: entered.closed.closed_until ?? undefined,
          limit: 'site',
        })
      if (entered.closed) throw new AtlassianError('paused', 'The site kept failing and is left alone for a while.')
      if (now() >= deadline) throw new AtlassianError('busy', 'As many requests as the site bears are under way.')
      await delay(wait, undefined, { signal })
    }
  }

  return {
    async enter(worst) {
      let turn = await enterSite()
      const reserved = await reserve(db, app, worst, now(), manners())
      if (!reserved.ok) {
        await giveTurnBack(db, cloudId, turn, { points: 0 }, now())
        throw new AtlassianError('rate_limited', 'The points of this hour are used up.', {
          retryAt: reserved.until,
          limit: 'app',
        })
      }
      let renewing: Promise<void> = Promise.resolve()
      const renew = async () => {
        turn = await renewTurn(db, cloudId, turn, now())
      }
      const timer = setInterval(() => {
        // Where it fails, the turn is lost at worst, and one request more is under way.
        renewing = renewing.then(renew).catch(() => {})
      }, RENEW_MS).unref()
      return {
        async leave(outcome) {
          clearInterval(timer)
          await renewing
          const appUntil = await settle(db, app, reserved, outcome)
          const siteUntil = await giveTurnBack(db, cloudId, turn, outcome, now())
          return appUntil ?? siteUntil
        },
      }
    },
  }
}
