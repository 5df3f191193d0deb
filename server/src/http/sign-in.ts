import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { HtmlEscapedString } from 'hono/utils/html'
import { z } from 'zod'
import type { FlowRow } from '../db/schema.ts'
import { CALLBACK_PATH } from '../oauth/apps.ts'
import { approveLink, type CallbackResult, flowOfTicket, handleCallback } from '../oauth/callback.ts'
import { confirmFlow } from '../oauth/connect.ts'
import { sha256 } from '../oauth/encryption.ts'
import type { FlowCookie } from '../oauth/flow-cookie.ts'
import { type FlowErrorCode, flowErrors } from '../oauth/flow-errors.ts'
import { beginFlow, cancelFlow } from '../oauth/flows.ts'
import { RETURN_START_PATH, startReturn } from '../oauth/returns.ts'
import type { Services } from '../services.ts'
import { HttpError } from './errors.ts'
import {
  askPage,
  authorizedPage,
  choosePage,
  connectedPage,
  declinedPage,
  failedPage,
  pageHeaders,
  popupPage,
  type Recipient,
} from './pages.ts'
import { isForeign } from './same-origin.ts'

const beginInput = z.object({ secret: z.string().max(200), origin: z.string().max(300) })

const readCookie = (c: Context) => (name: string) => getCookie(c, name)

const bind = (c: Context, { name, value, secure, maxAgeSeconds }: FlowCookie) =>
  setCookie(c, name, value, { secure, httpOnly: true, sameSite: 'Lax', path: '/', maxAge: maxAgeSeconds })

/** The popup, Atlassian's way back, and the pages on which a link ends. */
export function signInRoutes(services: Services) {
  const { config, db } = services
  const router = new Hono()

  const page = (c: Context, body: HtmlEscapedString | Promise<HtmlEscapedString>, status: 200 | 400 | 403 = 200) =>
    c.html(body, status, pageHeaders)

  /** To another origin, which is not told from where. */
  const away = (c: Context, url: string, status: 302 | 303) => {
    c.header('cache-control', 'no-store')
    c.header('referrer-policy', 'no-referrer')
    return c.redirect(url, status)
  }

  const failure = (c: Context, code: FlowErrorCode, flow?: FlowRow) =>
    page(
      c,
      failedPage({ text: flowErrors[code], code, flowId: flow?.id, origin: flow?.origin ?? null }),
      code === 'access_denied' ? 200 : 400,
    )

  async function recipient(flow: FlowRow): Promise<Recipient> {
    const user = await db
      .selectFrom('users')
      .select('customer_id')
      .where('id', '=', flow.user_id)
      .executeTakeFirstOrThrow()
    return { organization: config.organizationName, customerId: user.customer_id, site: flow.requested_site }
  }

  router.get('/oauth/popup', (c) => page(c, popupPage()))

  router.post('/oauth/begin', async (c) => {
    const publicOrigin = new URL(config.publicUrl).origin
    if (isForeign(c))
      throw new HttpError(403, 'origin_not_allowed', 'Only the sign-in window of this server may start a sign-in.')
    if (c.req.header('origin') !== publicOrigin)
      throw new HttpError(
        400,
        'origin_not_allowed',
        `The component must reach this server as ${publicOrigin}: set its apiURL to that, or PUBLIC_URL to where it is.`,
      )
    const input = beginInput.safeParse(await c.req.json().catch(() => undefined))
    if (!input.success) throw new HttpError(400, 'state_invalid', flowErrors.state_invalid)
    const begun = await beginFlow(services, input.data)
    if (!begun.ok) throw new HttpError(400, begun.code, flowErrors[begun.code])
    bind(c, begun.cookie)
    c.header('cache-control', 'no-store')
    return c.json({ url: begun.url })
  })

  router.get(RETURN_START_PATH, async (c) => {
    const begun = await startReturn(services, c.req.query('ticket') ?? '')
    if (!begun.ok) return failure(c, begun.code)
    bind(c, begun.cookie)
    return away(c, begun.url, 302)
  })

  router.get(CALLBACK_PATH, async (c) => {
    const { state, code, error } = c.req.query()
    // The cookie lies at PUBLIC_URL. An organisation's own host name, which leads here as well, cannot read it.
    const { host, search } = new URL(c.req.url)
    if (await isElsewhere(state, host)) return c.redirect(`${config.publicUrl}${CALLBACK_PATH}${search}`, 302)
    const result = await handleCallback(services, { state, code, error, readCookie: readCookie(c) })
    return show(c, result)
  })

  async function show(c: Context, result: CallbackResult, ticket?: string): Promise<Response> {
    if (result.kind === 'failed') return failure(c, result.code, result.flow)
    if (result.kind === 'return') return away(c, result.url, 303)
    if (result.kind === 'ask') {
      bind(c, result.cookie)
      return page(c, askPage(await recipient(result.flow), result.ticket))
    }
    const { flow } = result
    if (flow.kind === 'popup') return page(c, authorizedPage(flow.origin))
    if (flow.connection_id) return connected(c, flow, flow.connection_id)
    if (ticket === undefined) return failure(c, 'state_invalid', flow)
    const requested = flow.sites.find((site) => site.host === flow.requested_site)
    return requested && flow.sites.length === 1
      ? connect(c, flow, requested.cloudId)
      : page(c, choosePage(await recipient(flow), ticket, flow.sites))
  }

  async function connect(c: Context, flow: FlowRow, cloudId: string): Promise<Response> {
    const confirmed = await confirmFlow(services, flow, cloudId)
    if (!confirmed.ok) return failure(c, confirmed.code === 'site_mismatch' ? 'state_invalid' : confirmed.code, flow)
    return connected(c, flow, confirmed.connection.id)
  }

  async function connected(c: Context, { options }: FlowRow, connectionId: number): Promise<Response> {
    const { site_host: host } = await db
      .selectFrom('connections')
      .select('site_host')
      .where('id', '=', connectionId)
      .executeTakeFirstOrThrow()
    return page(c, connectedPage(config.organizationName, host, options.syncFilesOnConnection !== false))
  }

  /** Whether Atlassian came back to another host name than ours: the redirect URI of an organisation's own app. */
  async function isElsewhere(state: string | undefined, host: string): Promise<boolean> {
    if (!state || host === new URL(config.publicUrl).host) return false
    const flow = await db
      .selectFrom('flows')
      .select('redirect_uri')
      .where('state_hash', '=', sha256(state))
      .executeTakeFirst()
    return flow?.redirect_uri ? new URL(flow.redirect_uri).host === host : false
  }

  /** The fields of a form that one of our pages posted. */
  async function form(c: Context): Promise<{ ticket: string; cloudId: string }> {
    if (isForeign(c)) throw new HttpError(403, 'origin_not_allowed', 'Only pages of this server may post here.')
    const fields = await c.req.parseBody()
    const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '')
    return { ticket: text('ticket'), cloudId: text('cloudId') }
  }

  router.post('/oauth/approve', async (c) => {
    const { ticket } = await form(c)
    return show(c, await approveLink(services, { ticket, readCookie: readCookie(c) }), ticket)
  })

  router.post('/oauth/choose', async (c) => {
    const { ticket, cloudId } = await form(c)
    const flow = await flowOfTicket(services, { ticket, readCookie: readCookie(c) })
    return flow ? connect(c, flow, cloudId) : failure(c, 'state_invalid')
  })

  router.post('/oauth/decline', async (c) => {
    const { ticket } = await form(c)
    const flow = await flowOfTicket(services, { ticket, readCookie: readCookie(c) })
    if (flow) await cancelFlow(services, flow.id)
    return page(c, declinedPage())
  })

  return router
}
