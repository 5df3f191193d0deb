import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Clock, timestamp } from '../clock.ts'
import { client } from '../oauth/authorization.ts'
import type { Grants } from '../oauth/grants.ts'
import { singleFormats } from '../rest/formats.ts'
import type { Quota } from '../rest/quota.ts'
import type { Settings } from '../settings.ts'
import type { Edited, Editor } from '../world/edits.ts'
import { type Page, type Site, type Space, storageOf, type World } from '../world/world.ts'
import type { Counters } from './counters.ts'
import type { Faults } from './faults.ts'

/** What the admin API works on. */
export interface AdminParts {
  world: World
  editor: Editor
  grants: Grants
  quota: Quota
  faults: Faults
  counters: Counters
  clock: Clock
  settings: Settings
}

const id = z.union([z.string().regex(/^\d{1,16}$/), z.int().nonnegative().transform(String)])
const title = z.string().min(1).max(255)
const body = z.string().max(50_000_000)
const ms = z.number().min(0).max(60_000)

/** The bodies that the admin API accepts. Anything else in them is refused, so that a misspelt name is noticed. */
const schemas = {
  create: z.strictObject({
    site: z.string().default('acme'),
    space: z.string(),
    title,
    body: body.optional(),
    parentId: id.optional(),
  }),
  edit: z.strictObject({
    title: title.optional(),
    body: body.optional(),
    minorEdit: z.boolean().optional(),
    keepVersion: z.boolean().optional(),
  }),
  move: z.strictObject({ parentId: id.optional(), space: z.string().optional() }),
  account: z.strictObject({ account: z.string().optional() }),
  expire: z.strictObject({
    account: z.string().optional(),
    answer: z.union([z.literal(401), z.literal(404)]).optional(),
  }),
  site: z.strictObject({ site: z.string() }),
  block: z.strictObject({ site: z.string().default('acme'), space: z.string(), blocked: z.boolean().default(true) }),
  archive: z.strictObject({ site: z.string().default('acme'), space: z.string(), archived: z.boolean().default(true) }),
  clock: z.strictObject({
    advanceMs: z
      .number()
      .min(0)
      .max(10 * 365 * 24 * 3_600_000),
  }),
  quota: z.strictObject({ limit: z.int().min(0).optional(), used: z.int().min(0).optional() }),
  latency: z.strictObject({ latencyMs: ms.optional(), latencyPerPageMs: ms.optional(), held: z.boolean().optional() }),
  rows: z.strictObject({ max: z.int().min(1).max(250) }),
  coop: z.strictObject({
    value: z.enum(['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups', 'unsafe-none']).nullable(),
  }),
  fault: z.strictObject({
    match: z
      .strictObject({
        method: z.string(),
        route: z.string().max(200),
        site: z.string(),
        pageId: id,
        bodies: z.union([z.boolean(), z.enum(singleFormats)]),
        continues: z.boolean(),
      })
      .partial()
      .default({}),
    kind: z.enum(['status', 'reset', 'truncate', 'slow']).default('status'),
    status: z.int().min(400).max(599).default(500),
    retryAfter: z.number().min(0).nullable().default(null),
    delayMs: ms.default(1000),
    after: z.int().min(0).default(0),
    times: z.int().min(1).nullable().default(1),
  }),
}

const refuse = (c: Context, status: 400 | 404 | 409, code: string, message: string) =>
  c.json({ error: { code, message } }, status)

/** A page as `truth` and the page calls show it: what an app that has synced everything must know. */
const pageTruth = (site: Site, page: Page) => ({
  id: String(page.id),
  kind: page.kind,
  space: site.spaces.get(page.spaceId)?.key ?? null,
  spaceStatus: site.spaces.get(page.spaceId)?.status ?? null,
  spaceId: String(page.spaceId),
  parentId: page.parentId === null ? null : String(page.parentId),
  parentType: page.parentType,
  title: page.title,
  status: page.status,
  restricted: page.restricted,
  live: page.live,
  version: page.version,
  createdAt: timestamp(page.createdAt),
  modifiedAt: timestamp(page.modifiedAt),
})

/** `/sandbox/*`: everything that happens to Confluence while an app is connected, and what the app did meanwhile. */
export function createAdminRoutes(parts: AdminParts): Hono {
  const { world, editor, grants, quota, faults, counters, clock, settings } = parts
  const app = new Hono()

  /** Reads a JSON body by a schema and answers, or says what is wrong with the body. */
  const reading =
    <S extends z.ZodType>(schema: S, answer: (c: Context, value: z.output<S>) => Response) =>
    async (c: Context): Promise<Response> => {
      const text = await c.req.text()
      // Web pages cannot send this type elsewhere without asking first: none can steer a sandbox on the visitor's machine.
      if (text && !c.req.header('content-type')?.includes('application/json')) {
        return refuse(c, 400, 'json_expected', 'Send the body as JSON, with Content-Type: application/json.')
      }
      let given: unknown
      try {
        given = text ? JSON.parse(text) : {}
      } catch {
        return refuse(c, 400, 'json_invalid', 'The body is not valid JSON.')
      }
      const read = schema.safeParse(given)
      return read.success ? answer(c, read.data) : refuse(c, 400, 'body_invalid', z.prettifyError(read.error))
    }

  const edited = (c: Context, result: Edited, status: 200 | 201 = 200) =>
    result.ok
      ? c.json(pageTruth(result.site, result.page), status)
      : refuse(c, result.status, result.code, result.message)

  const pageId = (c: Context) => c.req.param('id') ?? ''

  const withAccount = (
    c: Context,
    key: string | undefined,
    act: (account: World['accounts'][number] | null) => Response,
  ) => {
    const account = key === undefined ? null : world.accounts.find((each) => each.key === key)
    if (account !== undefined) return act(account)
    return refuse(
      c,
      404,
      'account_not_found',
      `There is no account ${key}. Accounts: ${world.accounts.map((each) => each.key).join(', ')}.`,
    )
  }

  const withSite = (c: Context, key: string, act: (site: Site) => Response) => {
    const site = world.sites.find((each) => each.key === key)
    if (site) return act(site)
    return refuse(
      c,
      404,
      'site_not_found',
      `There is no site ${key}. Sites: ${world.sites.map((each) => each.key).join(', ')}.`,
    )
  }

  const withSpace = (c: Context, place: { site: string; space: string }, act: (space: Space) => Response) =>
    withSite(c, place.site, (site) => {
      const space = [...site.spaces.values()].find((each) => each.key === place.space)
      if (space) return act(space)
      return refuse(
        c,
        404,
        'space_not_found',
        `Site ${site.key} has no space ${place.space}. GET /sandbox/world lists the spaces.`,
      )
    })

  const setInstalled = (installed: boolean) =>
    reading(schemas.site, (c, { site: key }) =>
      withSite(c, key, (site) => {
        site.installed = installed
        return c.json({ site: key, installed })
      }),
    )

  app.get('/world', (c) =>
    c.json({
      client,
      accounts: world.accounts,
      sites: world.sites.map((site) => ({
        key: site.key,
        name: site.name,
        url: site.url,
        cloudId: site.cloudId,
        installed: site.installed,
        pages: site.pages.size,
        spaces: [...site.spaces.values()].map((space) => ({
          id: String(space.id),
          key: space.key,
          name: space.name,
          type: space.type,
          status: space.status,
        })),
      })),
    }),
  )

  app.get('/truth', (c) =>
    withSite(c, c.req.query('site') ?? 'acme', (site) =>
      c.json({
        site: site.key,
        cloudId: site.cloudId,
        pages: site.pages.sorted('id').map((page) => pageTruth(site, page)),
        blogposts: site.blogposts.sorted('id').map((page) => pageTruth(site, page)),
      }),
    ),
  )

  app.post(
    '/pages',
    reading(schemas.create, (c, page) => edited(c, editor.create(page), 201)),
  )
  app.get('/pages/:id', (c) => {
    const result = editor.find(pageId(c))
    if (!result.ok) return edited(c, result)
    return c.json({ ...pageTruth(result.site, result.page), body: storageOf(world, result.site, result.page) })
  })
  app.patch(
    '/pages/:id',
    reading(schemas.edit, (c, edit) => edited(c, editor.edit(pageId(c), edit))),
  )
  app.delete('/pages/:id', (c) => edited(c, editor.purge(pageId(c))))
  app.post(
    '/pages/:id/move',
    reading(schemas.move, (c, move) => edited(c, editor.move(pageId(c), move))),
  )
  app.post('/pages/:id/archive', (c) => edited(c, editor.setStatus(pageId(c), 'archived')))
  app.post('/pages/:id/trash', (c) => edited(c, editor.setStatus(pageId(c), 'trashed')))
  app.post('/pages/:id/restore', (c) => edited(c, editor.setStatus(pageId(c), 'current')))
  app.post('/pages/:id/restrict', (c) => edited(c, editor.setRestricted(pageId(c), true)))
  app.post('/pages/:id/unrestrict', (c) => edited(c, editor.setRestricted(pageId(c), false)))

  app.post(
    '/revoke',
    reading(schemas.account, (c, { account: key }) =>
      withAccount(c, key, (account) => {
        const revoked = account ? [account] : world.accounts
        for (const each of revoked) grants.revoke(each)
        return c.json({ revoked: revoked.map((each) => each.key) })
      }),
    ),
  )
  app.post(
    '/expire-tokens',
    reading(schemas.expire, (c, { account: key, answer = 401 }) =>
      withAccount(c, key, (account) => {
        settings.expiredTokenStatus = answer
        grants.expireAccess(account)
        return c.json({ expired: account?.key ?? 'all', answer })
      }),
    ),
  )
  app.post('/uninstall', setInstalled(false))
  app.post('/install', setInstalled(true))

  app.post(
    '/block-space',
    reading(schemas.block, (c, { blocked, ...place }) =>
      withSpace(c, place, (space) => {
        space.blocked = blocked
        return c.json({ ...place, blocked })
      }),
    ),
  )
  app.post(
    '/archive-space',
    reading(schemas.archive, (c, { archived, ...place }) =>
      withSpace(c, place, (space) => {
        space.status = archived ? 'archived' : 'current'
        return c.json({ ...place, archived })
      }),
    ),
  )

  app.get('/faults', (c) => c.json({ faults: faults.list() }))
  app.post(
    '/faults',
    reading(schemas.fault, (c, fault) => c.json(faults.add(fault), 201)),
  )
  app.delete('/faults', (c) => {
    faults.clear()
    return c.json({ faults: [] })
  })

  const counterState = () => {
    const { resetAt, ...state } = quota.state()
    return { ...counters.state(), quota: { ...state, reset: timestamp(resetAt) } }
  }
  app.get('/counters', (c) => c.json(counterState()))
  app.delete('/counters', (c) => {
    counters.reset()
    return c.json(counterState())
  })

  app.get('/clock', (c) => c.json({ now: timestamp(clock.now()) }))
  app.post(
    '/clock',
    reading(schemas.clock, (c, { advanceMs }) => {
      clock.advance(advanceMs)
      return c.json({ now: timestamp(clock.now()) })
    }),
  )
  app.post(
    '/quota',
    reading(schemas.quota, (c, change) => {
      quota.set(change)
      return c.json(counterState().quota)
    }),
  )
  app.post(
    '/latency',
    reading(schemas.latency, (c, change) => {
      Object.assign(settings, change)
      const { latencyMs, latencyPerPageMs, held } = settings
      return c.json({ latencyMs, latencyPerPageMs, held })
    }),
  )
  app.post(
    '/rows',
    reading(schemas.rows, (c, { max }) => {
      settings.maxRows = max
      return c.json({ max })
    }),
  )
  app.post(
    '/coop',
    reading(schemas.coop, (c, { value }) => {
      settings.coop = value
      return c.json({ value })
    }),
  )

  app.all('*', (c) => refuse(c, 404, 'route_not_found', 'The admin API has no such call. GET / lists all of them.'))
  app.onError((_error, c) => c.json({ error: { code: 'unknown', message: 'The sandbox failed to do this.' } }, 500))
  return app
}
