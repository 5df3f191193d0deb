import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Counters, createCounters } from './admin/counters.ts'
import { createFaults, type Faults } from './admin/faults.ts'
import { homeScreen } from './admin/home.ts'
import { createAdminRoutes } from './admin/routes.ts'
import { type Clock, createClock } from './clock.ts'
import { createGrants, type Grants } from './oauth/grants.ts'
import { createOAuthRoutes } from './oauth/routes.ts'
import { numbers, type SandboxOptions } from './options.ts'
import { createGateway } from './rest/gateway.ts'
import { createQuota, type Quota } from './rest/quota.ts'
import { screenHeaders } from './screens.ts'
import type { SandboxEnv } from './served.ts'
import type { Settings } from './settings.ts'
import { createEditor, type Editor } from './world/edits.ts'
import { readFolder, readShippedSamples } from './world/samples.ts'
import { createWorld, type World } from './world/world.ts'

/** A stand-in for Atlassian. `app` is all of it; the rest is for tests in the same process. */
export interface Sandbox {
  /** Serves the auth host, the API host and the admin API on one origin. */
  app: Hono
  world: World
  editor: Editor
  grants: Grants
  quota: Quota
  faults: Faults
  counters: Counters
  clock: Clock
}

/** Page bodies of up to 50 million characters come in by the admin API. */
const maxBodyBytes = 200 * 1024 * 1024

/**
 * Makes a sandbox.
 *
 * @throws where the folder of `content` cannot be read
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const {
    pages = numbers.SANDBOX_PAGES.fallback,
    spaces = numbers.SANDBOX_SPACES.fallback,
    seed = numbers.SANDBOX_SEED.fallback,
    latencyMs = numbers.SANDBOX_LATENCY_MS.fallback,
    content,
    now,
    redirectUris,
  } = options
  const samples = content === undefined ? await readShippedSamples() : await readFolder(content)
  const clock = createClock(now)
  const world = createWorld(seed, { pages, spaces }, samples)
  const settings: Settings = {
    latencyMs,
    latencyPerPageMs: 0,
    held: false,
    coop: null,
    expiredTokenStatus: 401,
    maxRows: 250,
  }
  const editor = createEditor(world, clock)
  const grants = createGrants(world, clock)
  const quota = createQuota(clock)
  const counters = createCounters(clock)
  const siteOf = (path: string) =>
    world.sites.find((site) => path.startsWith(`/ex/confluence/${site.cloudId}/`))?.key ?? null
  const faults = createFaults(siteOf, settings)

  const atlassian = new Hono<SandboxEnv>()
    .use(async (c, next) => {
      await next()
      // The host would write its own time, which the sandbox's may be ahead of.
      c.res.headers.set('date', new Date(clock.now()).toUTCString())
    })
    .use(counters.middleware)
    .use(faults.middleware)
    .route('/', createOAuthRoutes({ world, grants, settings, ...(redirectUris && { redirectUris }) }))
    .route('/', createGateway({ world, grants, quota, settings }))

  const app = new Hono()
  app.use(bodyLimit({ maxSize: maxBodyBytes }))
  app.get('/', (c) => c.html(homeScreen(world, new URL(c.req.url).origin), 200, screenHeaders))
  app.route('/sandbox', createAdminRoutes({ world, editor, grants, quota, faults, counters, clock, settings }))
  app.route('/', atlassian)
  return { app, world, editor, grants, quota, faults, counters, clock }
}
