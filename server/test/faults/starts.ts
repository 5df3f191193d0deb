import type { Answer } from '../stack.ts'
import { currentPages, type Scene } from './acts.ts'

/** Syncs some pages, and sometimes a space. */
const pick = (scene: Scene) => {
  const pages = currentPages(scene)
  const some = Array.from({ length: 1 + scene.random.int(40) }, () => String(scene.random.pick(pages).id))
  const spaces = scene.random.int(2) ? [String(scene.random.pick(pages).spaceId)] : []
  return scene.call('POST', `/v1/connections/${scene.connectionId}/sync`, { pages: [...new Set(some)], spaces })
}

/** How syncs begin. The first of a connection begins by itself. */
const begin = {
  connect: async () => undefined,
  everything: ({ call, connectionId }: Scene) => call('POST', `/v1/connections/${connectionId}/sync`, {}),
  incremental: ({ call, connectionId }: Scene) =>
    call('POST', `/v1/connections/${connectionId}/sync`, { incremental: true }),
  changes: ({ call, connectionId }: Scene) => call('POST', `/v1/connections/${connectionId}/sync`, { walk: 'changes' }),
  sweep: ({ call, connectionId }: Scene) => call('POST', `/v1/connections/${connectionId}/sync`, { walk: 'sweep' }),
  together: async (scene: Scene) => {
    await pick(scene)
    return scene.call('POST', `/v1/connections/${scene.connectionId}/sync`, {})
  },
  tree: ({ call, connectionId }: Scene) => call('POST', `/v1/connections/${connectionId}/items/sync`),
  picked: pick,
} satisfies Record<string, (scene: Scene) => Promise<Answer | undefined>>

export type Start = keyof typeof begin
export const starts = (Object.keys(begin) as Start[]).filter((start) => start !== 'connect')

/**
 * @returns the id of the sync; undefined for the one that begins by itself
 * @throws where it is refused
 */
export async function startSync(start: Start, scene: Scene): Promise<number | undefined> {
  const answer = await begin[start](scene)
  if (answer && answer.status !== 200)
    throw new Error(`"${start}" was answered ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer?.body.syncId
}
