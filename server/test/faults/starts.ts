import type { Answer } from '../stack.ts'
import { currentPages, postsThatAre, type Scene } from './scene.ts'

/** Syncs some pages, and sometimes a space. */
const pick = (scene: Scene) => {
  const pages = [...currentPages(scene), ...(scene.host.blogPosts ? postsThatAre(scene, 'current') : [])]
  const some = Array.from({ length: 1 + scene.random.int(40) }, () => String(scene.random.pick(pages).id))
  const spaces = scene.random.int(2) ? [String(scene.random.pick(pages).spaceId)] : []
  return scene.call('POST', `/v1/connections/${scene.connectionId}/sync`, { pages: [...new Set(some)], spaces })
}

const sync =
  (wish: object) =>
  async ({ call, connectionId }: Scene) => [await call('POST', `/v1/connections/${connectionId}/sync`, wish)]

/** How syncs begin. The first of a connection begins by itself. */
const begin = {
  connect: async () => [],
  everything: sync({}),
  incremental: sync({ incremental: true }),
  changes: sync({ walk: 'changes' }),
  sweep: sync({ walk: 'sweep' }),
  'sweep and changes': async (scene) => [
    ...(await sync({ walk: 'sweep' })(scene)),
    ...(await sync({ walk: 'changes' })(scene)),
  ],
  together: async (scene) => [await pick(scene), ...(await sync({})(scene))],
  tree: async ({ call, connectionId }) => [await call('POST', `/v1/connections/${connectionId}/items/sync`)],
  picked: async (scene) => [await pick(scene)],
} satisfies Record<string, (scene: Scene) => Promise<Answer[]>>

export type Start = keyof typeof begin
export const starts = (Object.keys(begin) as Start[]).filter((start) => start !== 'connect')

/**
 * @returns the ids of the syncs; none for the one that begins by itself
 * @throws where one is refused
 */
export async function startSyncs(start: Start, scene: Scene): Promise<number[]> {
  const answers = await begin[start](scene)
  const refused = answers.find(({ status }) => status !== 200)
  if (refused) throw new Error(`"${start}" was answered ${refused.status} ${JSON.stringify(refused.body)}`)
  return answers.map(({ body }) => body.syncId)
}
