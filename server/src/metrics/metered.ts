import type { ConfluenceClient, Listing } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import { type AtlassianOAuth, GrantRejectedError } from '../oauth/atlassian.ts'
import type { Spent } from '../sync/slice.ts'
import type { Sender } from '../webhooks/sender.ts'
import type { Metrics } from './metrics.ts'

// What counts stands around what works, which knows nothing of it.

/** What the pace held back was never asked. */
const wasSent = ({ code, status }: AtlassianError) => status !== undefined || code === 'unavailable'

/** @param spent what is asked for is added to it */
export function meteredClient(client: ConfluenceClient, { requests, points }: Metrics, spent: Spent): ConfluenceClient {
  const metered =
    <Options, T>(ask: (options: Options) => Promise<Listing<T>>) =>
    async (options: Options): Promise<Listing<T>> => {
      try {
        const answer = await ask(options)
        spent.requests += 1
        spent.points += answer.points
        requests.inc({ code: 'ok' })
        points.inc(answer.points)
        return answer
      } catch (error) {
        if (error instanceof AtlassianError && wasSent(error)) {
          spent.requests += 1
          requests.inc({ code: error.code })
        }
        throw error
      }
    }
  return {
    spaces: metered(client.spaces),
    spacesById: metered(client.spacesById),
    pages: metered(client.pages),
    pagesById: metered(client.pagesById),
    editedPages: metered(client.editedPages),
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
