import { setImmediate as turn } from 'node:timers/promises'

/** Does something for many at once. */
export interface Batcher<Item> {
  /** Resolves when it is done for this one. */
  add(item: Item): Promise<void>
}

/** While one batch is at work the next one gathers: the more there is to do, the less each costs. */
export function createBatcher<Item>(work: (items: Item[]) => Promise<void>): Batcher<Item> {
  let gathering: { items: Item[]; done: Promise<void> } | undefined
  let last: Promise<unknown> = Promise.resolve()
  return {
    add(item) {
      if (!gathering) {
        const items: Item[] = []
        const done = last
          // What ends at the same time belongs together.
          .then(() => turn())
          .then(() => {
            gathering = undefined
            return work(items)
          })
        gathering = { items, done }
        last = done.catch(() => {})
      }
      gathering.items.push(item)
      return gathering.done
    },
  }
}
