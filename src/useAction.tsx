import { useState } from 'react'
import { Aside } from './Aside.tsx'
import { type ConnectError, toConnectError } from './errors.ts'
import { useListTexts } from './listTexts.ts'

/** Says why something that a person did has not succeeded. */
export function useProblem(site: string) {
  const { words, messages, say } = useListTexts()
  return ({ code }: ConnectError) => say(words.actionFailed, { problem: say(messages.errors[code].title, { site }) })
}

/** What a person does about one thing: under way, not succeeded, or asked about first. */
export function useAction(site: string) {
  const explain = useProblem(site)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const [asking, setAsking] = useState(false)
  return {
    busy,
    asking,
    /** Asks before it is done; once more takes that back. */
    ask() {
      setProblem('')
      setAsking(!asking)
    },
    run: (action: () => Promise<void>) => () => {
      setBusy(true)
      setProblem('')
      action()
        .then(
          () => setAsking(false),
          (error: unknown) => setProblem(explain(toConnectError(error))),
        )
        .finally(() => setBusy(false))
    },
    problem: problem && (
      <Aside kind="error" role="alert">
        {problem}
      </Aside>
    ),
  }
}
