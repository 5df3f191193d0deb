import { createRoute } from '@hono/zod-openapi'
import type { AccessTokens } from '../oauth/access-tokens.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { tokenResponse } from './carbon-schemas.ts'
import { asCustomer, carbonAnswers, createRouter } from './routes.ts'

/** Access tokens for the browser. */
export function accessTokenRoutes(authenticate: Authenticator, accessTokens: AccessTokens) {
  const route = createRoute({
    method: 'get',
    path: '/auth/v1/access_token',
    tags: ['Auth'],
    summary: 'An access token for one customer, for ten hours',
    description:
      'Send an API key and a `customer-id`; hand the token to the browser of that customer. No call takes `refresh_token`: fetch a new access token instead.',
    security: asCustomer,
    responses: carbonAnswers(tokenResponse),
  })
  const router = createRouter<Authenticated>()
  router.use(route.path, authenticate.customer)
  return router.openapi(route, async (c) => {
    const token = await accessTokens.issue(c.var.user.id)
    c.header('cache-control', 'no-store')
    // Carbon's clients require the key; here both are the same token.
    return c.json({ access_token: token, refresh_token: token }, 200)
  })
}
