import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { API_KEY, type Stack, startStack } from '../stack.ts'

// Clients send the next request on the connection of the last one. Whoever was refused with a body that nobody read must not lose it,
// nor the answer: a connection closed under a client that still sends is an error to it.

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ sandbox: { pages: 0, spaces: 1 } })
})
afterAll(() => stack.close())

/** Longer than the server's patience with bodies that it does not read. */
const PATIENCE_MS = 700

const MEGABYTE = 1024 * 1024

it.each([
  ['401', 'Bearer nobody', MEGABYTE / 2],
  ['413', `Bearer ${API_KEY}`, 2 * MEGABYTE],
])('a %s for a long body does not break the request after it', async (status, authorization, length) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send = (headers: Record<string, string>, body: string, holdMs = 0) =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request({
        ...{ host: '127.0.0.1', port: stack.server.port, path: '/list_users', method: 'POST', agent },
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      })
      outgoing.on('error', reject)
      outgoing.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
      outgoing.write(body.slice(0, 1))
      setTimeout(() => outgoing.end(body.slice(1)), holdMs)
    })
  const body = JSON.stringify({ filler: 'x'.repeat(length) })
  // The answer is there before the body is, and then the connection is still open: often, so that luck has no part in it.
  for (let round = 0; round < 40; round++) expect(await send({ authorization }, body)).toBe(Number(status))
  // Still under way when the server would give up on the former body.
  expect(await send({ authorization: `Bearer ${API_KEY}` }, '{}', PATIENCE_MS)).toBe(200)
  agent.destroy()
})

it('keeps idle connections for longer than load balancers do, and the sandbox does as well', async () => {
  for (const url of [`http://127.0.0.1:${stack.server.port}/health`, stack.sandbox.url]) {
    const { headers } = await fetch(url)
    expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60)
  }
})
