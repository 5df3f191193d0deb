import type { FaultKind } from '../../src/sandbox/admin/faults.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import type { Random } from '../../src/sandbox/random.ts'
import type { Page } from '../../src/sandbox/world/world.ts'
import type { Client } from './client.ts'
import type { Host } from './hosts.ts'

/** What the acts of a run act on. */
export interface Scene {
  sandbox: Sandbox
  call: Client
  connectionId: number
  host: Host
  random: Random
}
type Act = (scene: Scene) => unknown

const pagesThatAre = ({ sandbox }: Scene, status: Page['status']) =>
  (sandbox.world.sites[0]?.pages.sorted('id') ?? []).filter((page) => page.status === status)

/** Never empty: the home page of a space is never taken away. */
export const currentPages = (scene: Scene) => pagesThatAre(scene, 'current')

const idOf = ({ id }: Page) => String(id)
const anyPage = (scene: Scene) => idOf(scene.random.pick(currentPages(scene)))
const anySpace = ({ sandbox, random }: Scene) => String(random.pick([...(sandbox.world.sites[0]?.spaces.keys() ?? [])]))

/** A page that the world can do without: home pages stay. */
const spare = (scene: Scene) => {
  const homes = new Set([...(scene.sandbox.world.sites[0]?.spaces.values() ?? [])].map((space) => space.homepageId))
  const pages = currentPages(scene).filter((page) => !homes.has(page.id))
  return pages.length > 0 ? idOf(scene.random.pick(pages)) : ''
}
const oneThatIs = (scene: Scene, which: readonly Page[]) => (which.length > 0 ? idOf(scene.random.pick(which)) : '')

/** What people do in Confluence. Where it cannot be done, as with a title that is taken, nothing happens. */
const people = {
  edit: (scene) =>
    scene.sandbox.editor.edit(anyPage(scene), {
      body: `<p>Edited ${scene.random.int(1_000_000)} &amp; saved.</p>`,
      minorEdit: scene.random.int(2) === 0,
    }),
  rename: (scene) => scene.sandbox.editor.edit(anyPage(scene), { title: `Renamed ${scene.random.int(1_000_000)}` }),
  create: (scene) =>
    scene.sandbox.editor.create({ site: 'acme', space: anySpace(scene), title: `New ${scene.random.int(1_000_000)}` }),
  'move below another page': (scene) => scene.sandbox.editor.move(spare(scene), { parentId: anyPage(scene) }),
  'move to another space': (scene) => scene.sandbox.editor.move(spare(scene), { space: anySpace(scene) }),
  trash: (scene) => scene.sandbox.editor.setStatus(spare(scene), 'trashed'),
  archive: (scene) => scene.sandbox.editor.setStatus(spare(scene), 'archived'),
  restore: (scene) =>
    scene.sandbox.editor.setStatus(
      oneThatIs(scene, [...pagesThatAre(scene, 'trashed'), ...pagesThatAre(scene, 'archived')]),
      'current',
    ),
  delete: (scene) => scene.sandbox.editor.purge(spare(scene)),
  restrict: (scene) => scene.sandbox.editor.setRestricted(spare(scene), true),
  unrestrict: (scene) =>
    scene.sandbox.editor.setRestricted(
      oneThatIs(
        scene,
        currentPages(scene).filter(({ restricted }) => restricted),
      ),
      false,
    ),
} satisfies Record<string, Act>

interface Strike {
  kind?: FaultKind
  status?: number
  retryAfter?: number
  delayMs?: number
  route?: string
}

/** A fault that strikes the next request that it is for, or the next few. */
const strike =
  ({ kind = 'status', status = 500, retryAfter, delayMs = 0, route = '/wiki/*' }: Strike): Act =>
  ({ sandbox, random }) =>
    sandbox.faults.add({
      match: { route },
      kind,
      status,
      retryAfter: retryAfter ?? null,
      delayMs,
      after: 0,
      times: 1 + random.int(3),
    })

const token = { route: '/oauth/token' }

/** What goes wrong at Atlassian or on the way there. */
const atlassian = {
  '429 with Retry-After': strike({ status: 429, retryAfter: 1 }),
  '429 without Retry-After': strike({ status: 429 }),
  '500': strike({ status: 500 }),
  '503': strike({ status: 503 }),
  '503 with Retry-After': strike({ status: 503, retryAfter: 1 }),
  reset: strike({ kind: 'reset' }),
  truncate: strike({ kind: 'truncate' }),
  slow: strike({ kind: 'slow', delayMs: 400 }),
  '404 flap': strike({ status: 404 }),
  '403 flap': strike({ status: 403 }),
  'cursor refused': strike({ status: 400 }),
  'quota gone': ({ sandbox }) => sandbox.quota.set({ used: sandbox.quota.state().limit }),
  'token expired': ({ sandbox }) => sandbox.grants.expireAccess(null),
  'token expired, refresh fails': (scene) => {
    strike({ status: scene.random.pick([429, 500, 503]), ...token })(scene)
    scene.sandbox.grants.expireAccess(null)
  },
  'token expired, its refresh is lost on the way': (scene) => {
    strike({ kind: scene.random.pick(['reset', 'truncate'] as const), ...token })(scene)
    scene.sandbox.grants.expireAccess(null)
  },
} satisfies Record<string, Act>

/** What happens to us. */
const operator = {
  crash: ({ host, random }) => host.crash?.(random),
  cancel: ({ call, connectionId }) => call('POST', `/v1/connections/${connectionId}/sync/cancel`, {}),
  'sync again': ({ call, connectionId }) => call('POST', `/v1/connections/${connectionId}/sync`, {}),
} satisfies Record<string, Act>

const acts: Record<ActName, Act> = { ...people, ...atlassian, ...operator }
export type ActName = keyof typeof people | keyof typeof atlassian | keyof typeof operator
export const peopleActs = Object.keys(people) as ActName[]
export const atlassianActs = Object.keys(atlassian) as ActName[]
export const operatorActs = Object.keys(operator) as ActName[]

export const perform = async (act: ActName, scene: Scene): Promise<void> => {
  await acts[act](scene)
}
