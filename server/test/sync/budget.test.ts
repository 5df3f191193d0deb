import { afterAll, beforeAll, expect, it } from 'vitest'
import { backend, connect, type Stack, startStack, syncEnd, truth } from '../stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ sandbox: { pages: 2000, spaces: 4 } })
})
afterAll(() => stack.close())

it('a first sync takes at most 10 requests more than pages/250, and at most 1.01 points a page', async () => {
  const call = backend(stack.url)
  const { connection } = await connect(stack, call)
  const progress = await syncEnd(call, connection.id)
  const pages = (await truth(stack, 'acme')).length
  const { body: counters } = await call('GET', `${stack.sandbox.url}/sandbox/counters`)
  expect(pages).toBeGreaterThanOrEqual(1900)
  expect(progress.pages).toEqual({ synced: pages, failed: 0, total: pages })
  expect(counters.sites.acme.requests).toBeLessThanOrEqual(Math.ceil(pages / 250) + 10)
  expect(counters.sites.acme.points).toBeLessThanOrEqual(pages * 1.01)
  // The one request that is not the sync's: looking, at confirmation, whether the person may enter.
  expect(progress).toMatchObject({ requests: counters.sites.acme.requests - 1, points: counters.sites.acme.points - 2 })
})
