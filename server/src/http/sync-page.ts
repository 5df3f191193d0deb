import { type Context, Hono } from 'hono'
import { sql } from 'kysely'
import { z } from 'zod'
import type { ConnectionRow, FlowRow, StoredSyncOptions } from '../db/schema.ts'
import { findSyncLink, SYNC_PAGE_PATH } from '../oauth/flows.ts'
import type { Services } from '../services.ts'
import { MAX_WAITING, type Selection, startFileSync } from '../sync/file-sync.ts'
import { lockConnection, startWalk, walkOptions } from '../sync/syncs.ts'
import { HttpError } from './errors.ts'
import { externalId } from './external-id.ts'
import { isForeign } from './same-origin.ts'
import { ITEMS_PER_ANSWER, pickerItems } from './sync-page-items.ts'
import { counted, syncPageState } from './sync-page-state.ts'
import { expiredPage, syncPage, syncPageHeaders } from './sync-page-view.ts'

/** Ids in one call: their records are made before it is answered. */
const MAX_IDS = 10_000
const id = externalId
const selectInput = z.object({ ids: z.array(id).min(1).max(MAX_IDS) })
const itemsInput = z.object({
  parent: id.optional(),
  search: z.string().trim().max(200).optional(),
  /** Rows that the page shows already, to see what became of them. */
  ids: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(id).max(ITEMS_PER_ANSWER))
    .optional(),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
})

/** Whom a link leads to which connection, and with which options. */
interface Link {
  flow: FlowRow
  connection: ConnectionRow
  customerId: string
}

/** What the caller's options mean for picked pages. */
const selectionOptions = ({ tags, requestId, incrementalSync, fileSyncConfig }: StoredSyncOptions) =>
  ({
    tags,
    requestId,
    incremental: incrementalSync,
    parsedTextFormat:
      z.enum(['PLAIN_TEXT', 'MARKDOWN']).safeParse(fileSyncConfig?.parsed_text_format).data ?? undefined,
    recordOnly: fileSyncConfig?.skip_file_processing === true,
  }) satisfies Omit<Selection, 'ids'>

/** The hosted page of a connection: a link of `/integrations/oauth_url` leads here, and is the credential. */
export function syncPageRoutes(services: Services) {
  const { config, db } = services
  const organization = config.organizationName

  async function findLink(token: string): Promise<Link | undefined> {
    const flow = await findSyncLink(services, token)
    if (!flow?.connection_id) return undefined
    const connection = await db
      .selectFrom('connections')
      .selectAll()
      .where('id', '=', flow.connection_id)
      .executeTakeFirst()
    const user = await db
      .selectFrom('users')
      .select('customer_id')
      .where('id', '=', flow.user_id)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    return connection && user && { flow, connection, customerId: user.customer_id }
  }

  /** The link of a request by the page's script. */
  async function linkOf(c: Context): Promise<Link> {
    if (isForeign(c)) throw new HttpError(403, 'origin_not_allowed', 'Only the page itself may ask this.')
    c.header('cache-control', 'no-store')
    const link = await findLink(c.req.param('token') ?? '')
    if (!link)
      throw new HttpError(
        404,
        'flow_expired',
        `This link has expired. Go back to ${organization} and open it again from there.`,
      )
    return link
  }

  /** The same, where something is to be synced. */
  async function activeLinkOf(c: Context): Promise<Link> {
    const link = await linkOf(c)
    if (link.connection.status !== 'active')
      throw new HttpError(
        409,
        'reconnect_needed',
        `This Confluence is no longer connected. Go back to ${organization} and connect it again.`,
      )
    return link
  }

  /** The answer to something that was started: the words for it, and how things stand now. */
  async function started(c: Context, { connection }: Link, message: string) {
    return c.json({ message, state: await syncPageState(services, connection) }, 200)
  }

  const router = new Hono().basePath(`${SYNC_PAGE_PATH}/:token`)

  router.get('/', async (c) => {
    const link = await findLink(c.req.param('token') ?? '')
    if (!link) return c.html(expiredPage(organization), 404, syncPageHeaders)
    const { connection } = link
    const [state, items] = await Promise.all([
      syncPageState(services, connection),
      pickerItems(db, connection.id, { offset: 0 }),
    ])
    const path = new URL(c.req.url).pathname.replace(/\/$/, '')
    return c.html(syncPage({ organization, connection, path, state, items }), 200, syncPageHeaders)
  })

  router.get('/state', async (c) => {
    const { connection } = await linkOf(c)
    return c.json(await syncPageState(services, connection), 200)
  })

  router.get('/items', async (c) => {
    const { connection } = await linkOf(c)
    const query = itemsInput.safeParse(c.req.query())
    if (!query.success) throw new HttpError(400, 'unknown', 'This cannot be searched for. Use at most 200 characters.')
    return c.json(await pickerItems(db, connection.id, query.data), 200)
  })

  router.post('/select', async (c) => {
    const link = await activeLinkOf(c)
    const { connection, flow, customerId } = link
    const input = selectInput.safeParse(await c.req.json().catch(() => undefined))
    if (!input.success)
      throw new HttpError(
        400,
        'unknown',
        `Choose at least one space or page, and at most ${MAX_IDS.toLocaleString('en')} at a time.`,
      )
    const wanted = new Set(input.data.ids)
    const known = await db
      .selectFrom('items')
      .select(['external_id', 'type'])
      .where('connection_id', '=', connection.id)
      .where('external_id', '=', sql<string>`any(${[...wanted]}::text[])`)
      .execute()
    if (known.length === 0)
      throw new HttpError(409, 'unknown', 'What you chose is no longer in Confluence. Check for new spaces and pages.')
    const options = selectionOptions(flow.options)
    const sync = await startFileSync(services, connection, customerId, {
      ...options,
      ids: known.map(({ external_id }) => external_id),
    })
    if (!sync.ok)
      throw new HttpError(
        429,
        'rate_limited',
        `${MAX_WAITING} syncs are waiting already. Wait until some of them are done.`,
        30,
      )
    const spaces = known.filter(({ type }) => type === 'SPACE').length
    const pages = known.length - spaces
    return started(
      c,
      link,
      [
        chosenWords(pages, spaces, options.recordOnly),
        ...(!options.recordOnly && sync.fileIds.length < pages
          ? [
              `Only ${counted(sync.fileIds.length, 'page')} of ${pages} can be synced: a limit of ${organization} is reached.`,
            ]
          : []),
        ...(known.length < wanted.size ? ['What is no longer in Confluence was left out.'] : []),
      ].join(' '),
    )
  })

  router.post('/everything', async (c) => {
    const link = await activeLinkOf(c)
    const { connection, flow } = link
    const isRunning = await db.transaction().execute(async (trx) => {
      await lockConnection(trx, connection.id)
      const running = await trx
        .selectFrom('syncs')
        .select('id')
        .where('connection_id', '=', connection.id)
        .where('kind', '=', 'all')
        .where('finished_at', 'is', null)
        .executeTakeFirst()
      if (running) return true
      const tags = { ...connection.sync_options.tags, ...flow.options.tags }
      await startWalk(services, trx, connection, {
        kind: 'all',
        requestId: flow.options.requestId,
        options: walkOptions({ ...flow.options, tags }),
      })
      return false
    })
    // The one thing that works without the script: a form, which wants to see the page again.
    if (c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded'))
      return c.redirect(new URL(c.req.url).pathname.replace(/\/everything$/, ''), 303)
    return started(c, link, isRunning ? 'All pages are being synced already.' : 'The sync of all pages has started.')
  })

  router.post('/tree', async (c) => {
    const link = await activeLinkOf(c)
    await db.transaction().execute((trx) => startWalk(services, trx, link.connection, { kind: 'items' }))
    return started(c, link, 'Confluence is being read.')
  })

  return router
}

/** What was chosen, and what happens to it. */
function chosenWords(pages: number, spaces: number, recordOnly: boolean): string {
  const what = [...(spaces > 0 ? [counted(spaces, 'space')] : []), ...(pages > 0 ? [counted(pages, 'page')] : [])].join(
    ' and ',
  )
  return recordOnly ? `${what} added. The content follows when it is needed.` : `The sync of ${what} has started.`
}
