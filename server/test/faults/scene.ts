import type { Fault } from '../../src/sandbox/admin/faults.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import type { Random } from '../../src/sandbox/random.ts'
import type { Page, Site } from '../../src/sandbox/world/world.ts'
import type { Client } from './client.ts'
import type { Host } from './hosts.ts'

/** What the acts of a run act on. */
export interface Scene {
  sandbox: Sandbox
  call: Client
  connectionId: number
  host: Host
  random: Random
  /** Whether the server uses the newest tokens that it was given: none has been lost on the way. */
  hasNewestTokens(): boolean
  /** Makes the queue miss the heartbeats of whoever is at work, until jobs are handed over. */
  missHeartbeats(): void
}

/**
 * What became of an act: whether it happened, which it may not, as with a title that is taken; a fault that is to strike; or the sync
 * that it began.
 */
export type Happened = boolean | Fault | { syncId: number }
export type Act = (scene: Scene) => Happened | Promise<Happened>
export type Acts = Record<string, Act>

export const siteOf = ({ world }: Sandbox): Site => {
  const [site] = world.sites
  if (!site) throw new Error('The sandbox has no site.')
  return site
}

export const pagesThatAre = ({ sandbox }: Scene, status: Page['status']) =>
  siteOf(sandbox)
    .pages.sorted('id')
    .filter((page) => page.status === status)

/** Blog posts, whether or not the server is to sync them. */
export const postsThatAre = ({ sandbox }: Scene, status: Page['status']) =>
  siteOf(sandbox)
    .blogposts.sorted('id')
    .filter((post) => post.status === status)

/** Never empty: the home page of a space is never taken away. */
export const currentPages = (scene: Scene) => pagesThatAre(scene, 'current')

/** Pages that the world can do without: home pages stay. */
export function sparePages(scene: Scene): Page[] {
  const homes = new Set([...siteOf(scene.sandbox).spaces.values()].map((space) => space.homepageId))
  return currentPages(scene).filter((page) => !homes.has(page.id))
}

/** Calls the admin API of a sandbox in the same process. */
export const adminCall = (sandbox: Sandbox, path: string, body: object) =>
  sandbox.app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
