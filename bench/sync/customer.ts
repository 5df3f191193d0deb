import { Browser, backend, begin, signIn } from '../../server/test/stack.ts'

export const API_KEY = 'an-api-key-for-the-benchmark'

/** A customer of a running server. */
export interface Customer {
  /** The server's public URL. */
  url: string
  /** The stand-in's URL. */
  atlassian: string
  id: string
}

export const callAs = ({ url, id }: Customer) => backend(url, id, API_KEY)

/** Signs a customer in at the stand-in, up to the last step; `confirm` makes the connection, starts its sync and gives its id. */
export async function connectAccount(customer: Customer): Promise<{ confirm(): Promise<number> }> {
  const call = callAs(customer)
  const browser = new Browser()
  const { body } = await call('POST', '/v1/flows', { site: 'acme' })
  const { url } = await begin(customer, browser, body.secret)
  await signIn(browser, url)
  const { body: flow } = await call('GET', `/v1/flows/${body.flow.id}`)
  return {
    async confirm() {
      const { status, body } = await call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId: flow.sites[0].cloudId })
      if (status !== 200) throw new Error(`The connection was refused: ${JSON.stringify(body)}`)
      return body.connection.id
    },
  }
}

interface Progress {
  phase: string
  finishedAt: string
  pages: { synced: number; failed: number }
  requests: number
  points: number
}

/** Waits until a sync of a connection is done: the given one, else the newest that people wait for. */
export async function syncEnd(
  customer: Customer,
  connectionId: number,
  syncId?: number,
  seconds = 900,
): Promise<Progress> {
  const call = callAs(customer)
  for (const until = Date.now() + seconds * 1000; Date.now() < until; ) {
    // A connection that is being closed takes a look with it, and not the sync.
    const { body } = await call(
      'GET',
      `/v1/connections/${connectionId}/sync${syncId === undefined ? '' : `?syncId=${syncId}`}`,
    ).catch(() => ({ body: {} }))
    if (body.phase === 'done') return body
    if (body.finishedAt) throw new Error(`The sync ended as ${body.phase}: ${JSON.stringify(body.error)}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`The sync did not end within ${seconds} s.`)
}
