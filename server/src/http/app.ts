import { setTimeout as delay } from 'node:timers/promises'
import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { requestId } from 'hono/request-id'
import { sql } from 'kysely'
import { createAccessTokens } from '../oauth/access-tokens.ts'
import { CALLBACK_PATH } from '../oauth/apps.ts'
import { flowErrors } from '../oauth/flow-errors.ts'
import type { Services } from '../services.ts'
import { version } from '../version.ts'
import { accessTokenRoutes } from './access-token.ts'
import { createAuthenticator } from './auth.ts'
import { connectRoutes } from './connect.ts'
import { connectionRoutes } from './connections.ts'
import { contentRoutes } from './content.ts'
import { dataSourceRoutes } from './data-sources.ts'
import { bodyAnswer, errorAnswer, HttpError } from './errors.ts'
import { fileRoutes } from './files.ts'
import { flowRoutes } from './flows.ts'
import { itemRoutes } from './items.ts'
import { metricsRoutes } from './metrics.ts'
import { notFoundText } from './not-offered.ts'
import { oauthUrlRoutes } from './oauth-url.ts'
import { organizationRoutes } from './organization.ts'
import { createOrigins } from './origins.ts'
import { createRateLimit } from './rate-limit.ts'
import { signInRoutes } from './sign-in.ts'
import { createSignedUrls } from './signed-urls.ts'
import { syncPageRoutes } from './sync-page.ts'
import { userRoutes } from './users.ts'
import { pageRoutes } from './v1-pages.ts'
import { v1WebhookRoutes } from './v1-webhooks.ts'
import { webhookRoutes } from './webhooks.ts'
import { whiteLabelRoutes } from './white-labels.ts'

const MAX_BODY_BYTES = 1024 * 1024

/** How much of a body is received only so that its sender hears why it was refused. */
const MAX_UNREAD_BYTES = 16 * MAX_BODY_BYTES

/** How long the database may take to answer while the server still counts as ready. */
const READY_MS = 3_000

/** What PostgreSQL says of text that it cannot hold: U+0000 and halves of surrogate pairs, as text or inside JSON. */
const unstorable = new Set(['22021', '22P05', '22P02'])
const UNSTORABLE = 'The request holds characters that cannot be stored, such as U+0000. Remove them.'

/** A path as it may be logged: the token of a link to the sync page is a credential. */
const loggable = (path: string) => path.replace(/[\w-]{43,}/g, '[secret]')

/** The HTTP side of the server: a function of the services, without any state of its own. */
export function createApp(services: Services) {
  const { config, db, keyring, log } = services
  const accessTokens = createAccessTokens(keyring)
  const authenticate = createAuthenticator(services, accessTokens, createRateLimit(config.rateLimitPerMinute))
  const origins = createOrigins(config.allowedOrigins)
  const app = new OpenAPIHono()

  app.use(requestId())
  app.use(async function logRequests(c, next) {
    const started = performance.now()
    await next()
    // The path only: queries carry codes and signatures.
    log.debug(
      {
        method: c.req.method,
        path: loggable(c.req.path),
        status: c.res.status,
        ms: Math.round(performance.now() - started),
        requestId: c.var.requestId,
      },
      'request',
    )
  })
  app.use(async function readTheRest(c, next) {
    await next()
    const length = Number(c.req.header('content-length') ?? 0)
    if (c.res.status < 400 || length === 0 || c.req.raw.bodyUsed) return
    // A body that nobody read is in the way of the connection's next request, and a connection closed under a client that still
    // sends loses it the answer. So it is read and thrown away, unless it is absurd.
    if (length > MAX_UNREAD_BYTES) return c.header('connection', 'close')
    // Whoever went away in the middle of it needs no answer.
    await c.req.raw.body?.pipeTo(new WritableStream()).catch(() => undefined)
  })
  const isOwnPage = (path: string) => path.startsWith('/oauth/') || path === CALLBACK_PATH
  const crossOrigin = {
    allowHeaders: ['authorization', 'content-type', 'customer-id'],
    allowMethods: ['GET', 'POST', 'DELETE'],
    exposeHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  }
  const allow = cors({ ...crossOrigin, origin: (origin) => (origins.allows(origin) ? origin : null) })
  // The component can only say what is wrong if it can read the answer; credentials are headers here, so that gives
  // nothing away.
  const refuse = cors({ ...crossOrigin, origin: (origin) => origin })
  // Pages that a person sees are nobody else's to read.
  app.use(async function allowOrigins(c, next) {
    if (isOwnPage(c.req.path)) return next()
    const origin = c.req.header('origin')
    if (!origin || origins.allows(origin)) return allow(c, next)
    log.warn({ origin }, 'a page of an origin that is not in ALLOWED_ORIGINS was refused')
    if (!c.req.path.startsWith('/v1/')) return allow(c, next)
    return refuse(c, async () => {
      c.res = errorAnswer(c, new HttpError(403, 'origin_not_allowed', flowErrors.origin_not_allowed))
    })
  })
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => errorAnswer(c, new HttpError(413, 'unknown', 'The body is larger than 1 MB.')),
    }),
  )

  app.onError((error, c) => {
    if (error instanceof HttpError) return errorAnswer(c, error)
    if (unstorable.has((error as { code?: string }).code ?? ''))
      return errorAnswer(c, new HttpError(400, 'unknown', UNSTORABLE))
    if (error instanceof HTTPException && error.status === 415)
      return bodyAnswer(c, 'Send the body as JSON, with "content-type: application/json".')
    if (error instanceof HTTPException)
      return errorAnswer(
        c,
        new HttpError(error.status, 'unknown', error.status === 400 ? 'The body is not valid JSON.' : error.message),
      )
    log.error(
      { path: loggable(c.req.path), requestId: c.var.requestId, error: error.message, stack: error.stack },
      'request failed',
    )
    return errorAnswer(
      c,
      new HttpError(
        500,
        'unknown',
        `Something went wrong on our side. The server's log tells more; look for ${c.var.requestId}.`,
      ),
    )
  })
  app.notFound((c) => errorAnswer(c, new HttpError(404, 'unknown', notFoundText(c.req.path))))

  app.route('/', accessTokenRoutes(authenticate, accessTokens))
  app.route('/', oauthUrlRoutes(services, authenticate))
  app.route('/', connectRoutes(services, authenticate))
  app.route('/', itemRoutes(services, authenticate))
  app.route('/', whiteLabelRoutes(services, authenticate))
  app.route('/', dataSourceRoutes(services, authenticate))
  app.route('/', userRoutes(services, authenticate))
  app.route('/', organizationRoutes(services, authenticate))
  const signedUrls = createSignedUrls(keyring, config.publicUrl)
  app.route('/', fileRoutes(services, authenticate, signedUrls))
  app.route('/', contentRoutes(services, signedUrls))
  app.route('/', flowRoutes(services, authenticate, origins))
  app.route('/', connectionRoutes(services, authenticate))
  app.route('/', pageRoutes(services, authenticate))
  app.route('/', webhookRoutes(services, authenticate))
  app.route('/', v1WebhookRoutes(services, authenticate))
  app.route('/', signInRoutes(services))
  app.route('/', syncPageRoutes(services))

  if (config.metricsPort === undefined) app.route('/', metricsRoutes(services))
  app.get('/health', (c) => c.json({ status: 'ok', version }))
  app.get('/ready', async (c) => {
    try {
      await Promise.race([
        sql`select 1`.execute(db),
        delay(READY_MS).then(() => Promise.reject(new Error('no answer'))),
      ])
      return c.json({ status: 'ok', version })
    } catch (error) {
      log.error({ error: (error as Error).message }, 'the database does not answer')
      return c.json({ status: 'unavailable', version }, 503)
    }
  })

  app.openAPIRegistry.registerComponent('securitySchemes', 'accessToken', {
    type: 'apiKey',
    in: 'header',
    name: 'authorization',
    description: '`Token <access token>`',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' })
  app.openAPIRegistry.registerComponent('securitySchemes', 'customerId', {
    type: 'apiKey',
    in: 'header',
    name: 'customer-id',
  })
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Confluence Connect', version },
    servers: [{ url: config.publicUrl }],
  })
  return app
}
