import { afterAll, beforeAll, expect, it } from 'vitest'
import { backend, connect, type Stack, startStack, stored, syncEnd, truth } from '../stack.ts'

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

it('later walks take as few as there can be', { timeout: 120_000 }, async () => {
  const call = backend(stack.url, 'customer-2')
  const admin = (method: string, path: string, body?: object) =>
    call(method, `${stack.sandbox.url}/sandbox${path}`, body)
  const { connection } = await connect(stack, call)
  await syncEnd(call, connection.id)
  const path = `/v1/connections/${connection.id}/sync`
  const spent = async (walk: string) => {
    await admin('DELETE', '/counters')
    const { body } = await call('POST', path, { walk })
    await expect
      .poll(async () => (await call('GET', `${path}?syncId=${body.syncId}`)).body.phase, { timeout: 60_000 })
      .toBe('done')
    const { requests, points } = (await admin('GET', '/counters')).body.sites.acme
    return { requests, points }
  }
  expect(await spent('changes')).toEqual({ requests: 1, points: 2 })

  const pages = await truth(stack, 'acme')
  const edited = pages.slice(0, Math.floor(pages.length / 100)).map((page) => page.split(' ')[0])
  for (const id of edited) await admin('PATCH', `/pages/${id}`, {})
  expect(await spent('changes')).toEqual({ requests: 2, points: 2 + 26 })
  expect(await stored(call)).toEqual(await truth(stack, 'acme'))

  const sweep = await spent('sweep')
  expect(sweep.requests).toBeLessThanOrEqual(1 + Math.ceil(pages.length / 250) + 1)
  expect(sweep.points).toBeLessThanOrEqual(pages.length * 1.01 + 10)
})
