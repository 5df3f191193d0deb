import { serveStatic } from '@hono/node-server/serve-static'
import { createTokenHandler } from 'confluence-connect/token'
import { type Context, Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import type { ApiError, Session } from '../api.ts'
import { ConfluenceError, pagesOf } from './confluence.ts'
import { cookieName, findVisitor, visitorOf, visitors } from './visitors.ts'

export interface AppOptions {
  /** Where the confluence-connect-server runs: here the same for this backend and for browsers. */
  serverUrl: string
  /** The server's API key. Nothing that this app answers holds it. */
  apiKey: string
  /** The folder of the built page. */
  pageDir: string
}

const failure = (c: Context, status: 400 | 404 | 500 | 502, code: string, message: string) =>
  c.json<ApiError>({ error: { code, message } }, status)

/** The backend of Acme Notes. */
export function createApp({ serverUrl, apiKey, pageDir }: AppOptions): Hono {
  const app = new Hono()

  // What the component's tokenFetcher calls: it trades your own sign-in for an access token of this one customer, so that
  // the API key never reaches a browser. Where nobody is signed in, let customerId give null.
  const tokenHandler = createTokenHandler({ serverUrl, apiKey, customerId: (request) => visitorOf(request).id })
  app.on(['GET', 'POST'], '/api/confluence/token', (c) => tokenHandler(c.req.raw))

  // Your backend reads synced pages with the API key, always as the customer who is signed in.
  const pages = (c: Context) => pagesOf(serverUrl, apiKey, visitorOf(c.req.raw).id)
  app.get('/api/pages', async (c) => c.json(await pages(c).list(c.req.query('search')?.trim() ?? '')))
  app.get('/api/pages/:id{[0-9]{1,9}}', async (c) => {
    const page = await pages(c).get(Number(c.req.param('id')))
    return page ? c.json(page) : failure(c, 404, 'not_found', 'This page is not here any more.')
  })

  const session = (c: Context) =>
    c.json<Session>({ visitor: visitorOf(c.req.raw), visitors, confluenceConnectUrl: serverUrl })
  app.get('/api/session', session)
  app.post('/api/session', async (c) => {
    const body: unknown = await c.req.json().catch(() => null)
    const visitor = findVisitor(typeof body === 'object' && body !== null && 'visitor' in body ? body.visitor : null)
    if (!visitor) return failure(c, 400, 'unknown_visitor', 'There is nobody of that name here.')
    setCookie(c, cookieName, visitor.id, { httpOnly: true, sameSite: 'Lax', path: '/' })
    return c.body(null, 204)
  })

  app.all('/api/*', (c) => failure(c, 404, 'not_found', 'There is no such route.'))
  app.get('*', serveStatic({ root: pageDir }))

  app.onError((error, c) => {
    if (error instanceof ConfluenceError) return failure(c, 502, 'confluence_unavailable', error.message)
    console.error(error)
    return failure(c, 500, 'failed', 'Something went wrong in Acme Notes.')
  })
  return app
}
