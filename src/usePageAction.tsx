import { useState } from 'react'
import { Aside } from './Aside.tsx'
import type { Page, PageAction } from './contract.ts'
import { toConnectError } from './errors.ts'
import { useListTexts } from './listTexts.ts'
import { useParts } from './parts.ts'
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
  const { words, messages, say } = useListTexts()
  const part = useParts()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const [asking, setAsking] = useState(false)

  const run = (action: (page?: Page) => Promise<PageAction>, notice: 'resynced' | 'removed') => () => {
    setBusy(true)
    setProblem('')
    action(page)
      .then(
        ({ count }) => {
          setAsking(false)
          done(say(words.pages[notice], { count }))
        },
        (error: unknown) => setProblem(say(messages.errors[toConnectError(error).code].title, { site })),
      )
      .finally(() => setBusy(false))
  }

  return {
    busy,
    asking,
    /** Asks before it deletes; once more takes that back. */
    ask: () => {
      setProblem('')
      setAsking(!asking)
    },
    /** The question, and why something did not succeed. */
    said: (
      <>
        {asking && (
          <p {...part('hint')} role="alert">
            <Text message={words.pages.question} values={{ count: page ? 1 : list.selected }} />
          </p>
        )}
        {problem && (
          <Aside kind="error" role="alert">
            {say(words.actionFailed, { problem })}
          </Aside>
        )}
      </>
    ),
    resync: run(list.resync, 'resynced'),
    remove: run(list.remove, 'removed'),
  }
}
