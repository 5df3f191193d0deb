import type { Page, PageAction } from './contract.ts'
import { useListTexts } from './listTexts.ts'
import { useParts } from './parts.ts'
import { useAction } from './useAction.tsx'
import type { SyncedPages } from './useSyncedPages.ts'
import { Text } from './viewTexts.tsx'

/** What an action on pages works with. */
export interface PageActionOptions {
  list: SyncedPages
  site: string
  /** Told what was done, in words. */
  done: (notice: string) => void
}

/** What can be done with one page or, without it, with those that are selected. */
export function usePageAction({ list, site, done }: PageActionOptions, page?: Page) {
  const { words, say } = useListTexts()
  const part = useParts()
  const { busy, asking, ask, run, problem } = useAction(site)

  const told = (action: (page?: Page) => Promise<PageAction>, notice: 'resynced' | 'removed') =>
    run(async () => {
      const { count } = await action(page)
      done(say(words.pages[notice], { count }))
    })

  return {
    busy,
    asking,
    ask,
    /** The question, and why something did not succeed. */
    said: (
      <>
        {asking && (
          <p {...part('hint')} role="alert">
            <Text message={words.pages.question} values={{ count: page ? 1 : list.selected }} />
          </p>
        )}
        {problem}
      </>
    ),
    resync: told(list.resync, 'resynced'),
    remove: told(list.remove, 'removed'),
  }
}
