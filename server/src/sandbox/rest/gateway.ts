import { randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { delay } from '../delay.ts'
import type { Grants } from '../oauth/grants.ts'
import type { SandboxEnv } from '../served.ts'
import type { Settings } from '../settings.ts'
import type { Site, World } from '../world/world.ts'
import { type Answer, gatewayError, noConfluence, notFound } from './answer.ts'
import { endpoints } from './endpoints.ts'
import type { Quota } from './quota.ts'
import { neededScope } from './scopes.ts'

/** What the gateway works on. */
export interface GatewayParts {
  world: World
  grants: Grants
  quota: Quota
  settings: Settings
}

interface Routed {
  answer: Answer
  site: Site | null
  /** False for answers of the gateway itself, which cost nothing. */
  metered: boolean
}

const prefix = '/wiki/api/v2'
const matchers = endpoints.map(({ path, answer }) => ({
  pattern: new RegExp(`^${path.replace(':id', '([^/]+)')}$`),
  answer,
}))
const scopeMismatch = gatewayError(401, 'Unauthorized; scope does not match')

/** The ids of the rows that a list or a single read answers with. */
const idsIn = ({ body }: Answer): Set<string> => {
  const { results, id } = body as { results?: readonly { id?: string }[]; id?: string }
  return new Set([id, ...(results ?? []).map((row) => row.id)].filter((each) => each !== undefined))
}

/** `/ex/confluence/{cloudId}/…`: checks token, site, scope and quota, in Atlassian's order, then answers. */
export function createGateway({ world, grants, quota, settings }: GatewayParts): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>()

  const refuse = (answer: Answer, site: Site | null = null): Routed => ({ answer, site, metered: false })

  const route = (c: Context<SandboxEnv>): Routed => {
    const url = new URL(c.req.url)
    const [, cloudId, product = ''] = /^\/ex\/confluence\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? []
    const site = world.sites.find((each) => each.cloudId === cloudId) ?? null
    const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    const access = grants.access(token)
    if (access === 'expired' && settings.expiredTokenStatus === 404) return refuse(notFound(), site)
    if (typeof access === 'string') return refuse(gatewayError(401, 'Unauthorized'), site)
    if (!site?.installed || !access.sites.has(site.key)) {
      return refuse(gatewayError(403, 'The app is not installed on this instance'), site)
    }
    // Version 1 of the API has scopes of its own, none of which the app has.
    if (product.startsWith('/wiki/rest/')) return refuse(scopeMismatch, site)
    const path = product.startsWith(`${prefix}/`) ? product.slice(prefix.length) : ''
    const scope = neededScope(c.req.method, path)
    if (scope && !access.scopes.includes(scope)) return refuse(scopeMismatch, site)
    if (quota.state().remaining === 0) return refuse(gatewayError(429, 'Rate limit exceeded'), site)
    if (!access.account.confluence) return { answer: noConfluence(), site, metered: true }
    for (const { pattern, answer } of matchers) {
      const match = pattern.exec(path)
      if (!match) continue
      const { maxRows } = settings
      const call = { world, site, account: access.account, path, id: match[1] ?? '', query: url.searchParams, maxRows }
      return { answer: answer(call), site, metered: true }
    }
    return { answer: notFound(), site, metered: true }
  }

  app.all('/ex/confluence/*', async (c) => {
    const started = performance.now()
    const { answer, site, metered } = route(c)
    const points = metered ? 1 + answer.objects : 0
    quota.use(points)
    c.set('served', {
      ...c.get('served'),
      site: site?.key ?? null,
      pageIds: new Set([...c.get('served').pageIds, ...idsIn(answer)]),
      points,
    })
    await delay(settings, answer.objects, c.req.raw.signal)
    const links = [
      answer.next && `<${answer.next}>; rel="next"`,
      site && metered && `<${site.url}/wiki>; rel="base"`,
    ].filter(Boolean)
    const trace = randomBytes(16).toString('hex')
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: {
        'Content-Type': 'application/json',
        ...answer.headers,
        Server: 'AtlassianEdge',
        'Atl-Traceid': trace,
        'Atl-Request-Id': trace,
        'X-Confluence-Request-Time': String(Math.round(performance.now() - started)),
        ...(links.length > 0 && { Link: links.join(', ') }),
        ...((metered || answer.status === 429) && quota.headers(answer.status === 429)),
      },
    })
  })

  return app
}
