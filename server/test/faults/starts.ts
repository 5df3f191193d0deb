import type { Scene } from './acts.ts'
import { currentPages } from './acts.ts'

/** How syncs begin. The first of a connection begins by itself. */
const begin = {
  connect: async () => {},
  everything: ({ call, connectionId }: Scene) => call('POST', `/v1/connections/${connectionId}/sync`, {}),
  incremental: ({ call, connectionId }: Scene) =>
    call('POST', `/v1/connections/${connectionId}/sync`, { incremental: true }),
  tree: ({ call, connectionId }: Scene) => call('POST', `/v1/connections/${connectionId}/items/sync`),
  picked: (scene: Scene) => {
    const pages = currentPages(scene)
    const some = Array.from({ length: 1 + scene.random.int(40) }, () => String(scene.random.pick(pages).id))
    const spaces = scene.random.int(2) ? [String(scene.random.pick(pages).spaceId)] : []
    return scene.call('POST', `/v1/connections/${scene.connectionId}/sync`, { pages: [...new Set(some)], spaces })
  },
  together: async (scene: Scene) => {
    await begin.picked(scene)
    await begin.everything(scene)
  },
} satisfies Record<string, (scene: Scene) => Promise<unknown>>

export type Start = keyof typeof begin
export const starts = (Object.keys(begin) as Start[]).filter((start) => start !== 'connect')

export const startSync = (start: Start, scene: Scene): Promise<unknown> => begin[start](scene)
