import type { ConfluenceClient, Listing } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import { type AtlassianOAuth, GrantRejectedError } from '../oauth/atlassian.ts'
import type { Sender } from '../webhooks/sender.ts'
import type { Metrics } from './metrics.ts'

// What counts stands around what works, which knows nothing of it.

/** @param note is told what each request cost */
export function meteredClient(
  { pages, pagesById, spaces, newestPage }: ConfluenceClient,
  { requests, points }: Metrics,
  note: (points: number) => void,
): ConfluenceClient {
  const metered =
    <Options, T>(ask: (options: Options) => Promise<Listing<T>>) =>
    async (options: Options): Promise<Listing<T>> => {
      try {
        const answer = await ask(options)
        requests.inc({ code: 'ok' })
        points.inc(answer.points)
        note(answer.points)
        return answer
      } catch (error) {
        if (error instanceof AtlassianError) {
          requests.inc({ code: error.code })
          note(0)
        }
        throw error
      }
    }
  return {
    pages: metered(pages),
    pagesById: metered(pagesById),
    spaces: metered(spaces),
    newestPage: metered(newestPage),
  }
}

export const meteredOAuth = (oauth: AtlassianOAuth, { refreshes }: Metrics): AtlassianOAuth => ({
  ...oauth,
  async refresh(...words) {
    try {
      const tokens = await oauth.refresh(...words)
      refreshes.inc({ code: 'ok' })
      return tokens
    } catch (error) {
      refreshes.inc({ code: error instanceof GrantRejectedError ? 'rejected' : 'unavailable' })
      throw error
    }
  },
})

export const meteredSender = (sender: Sender, { deliveries }: Metrics): Sender => ({
  ...sender,
  async send(...words) {
    const outcome = await sender.send(...words)
    if (outcome.result !== 'aborted')
      deliveries.inc({ code: outcome.result === 'failed' ? outcome.code : outcome.result })
    return outcome
  },
})
