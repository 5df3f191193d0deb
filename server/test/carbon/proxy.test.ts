import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { assertFits, type CheckingProxy, startCheckingProxy } from './proxy.ts'

let proxy: CheckingProxy
let server: Server | undefined
let url = ''

async function serve(listener: RequestListener) {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  proxy.target((server.address() as AddressInfo).port)
}

beforeEach(async () => {
  proxy = await startCheckingProxy()
  url = `http://localhost:${proxy.port}`
})
afterEach(async () => {
  await proxy.close()
  server?.closeAllConnections()
  server?.close()
})

it('passes requests on as they are, the host among them', async () => {
  await serve((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.end(JSON.stringify([request.method, request.url, request.headers, body])))
  })
  const answer = await fetch(`${url}/a%20b?c=%C3%A9`, {
    method: 'PUT',
    body: 'é',
    headers: { origin: url, 'x-a': 'b' },
  })
  const [method, path, headers, body] = (await answer.json()) as [string, string, Record<string, string>, string]
  expect([method, path, body]).toEqual(['PUT', '/a%20b?c=%C3%A9', 'é'])
  expect(headers).toMatchObject({ host: `localhost:${proxy.port}`, origin: url, 'x-a': 'b' })
})

it('passes answers on as they are', async () => {
  await serve((_, response) => {
    response.writeHead(302, [
      ['Location', 'https://example.com/'],
      ['Set-Cookie', 'a=1; HttpOnly'],
      ['Set-Cookie', 'b=2'],
    ])
    response.end('moved')
  })
  const answer = await fetch(`${url}/integrations/confluence`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([
    302,
    'https://example.com/',
    'moved',
  ])
  expect(answer.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2'])
})

it('lets events through when they happen', async () => {
  let finish = () => {}
  await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
    finish = () => response.end('data: last\n\n')
  })
  const reader = (await fetch(`${url}/events`)).body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toBe('data: first\n\n')
  finish()
  expect((await reader?.read())?.value).toBe('data: last\n\n')
})

it('tells the server when a client goes away', async () => {
  const gone = new Promise<void>((resolve) => {
    serve((_, response) => {
      response.on('close', resolve)
      response.write('begun')
    })
  })
  const controller = new AbortController()
  await fetch(`${url}/events`, { signal: controller.signal })
  controller.abort()
  await gone
})

it('breaks a connection that the server breaks', async () => {
  await serve((_, response) => response.destroy())
  await expect(fetch(`${url}/whoami`)).rejects.toThrow()
})

it('finds what does not fit, and only in answers of Carbon’s operations', async () => {
  await serve((request, response) => {
    const body = JSON.stringify({ oauth_url: request.headers['x-good'] ? 'https://a' : 1 })
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    response.end(gzipSync(body))
  })
  const post = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { method: 'POST', headers }).then((answer) => answer.json())
  await post('/integrations/oauth_url', { 'x-good': 'yes' })
  await post('/v1/flows')
  expect(() => assertFits(proxy)).not.toThrow()
  expect(await post('/integrations/oauth_url')).toEqual({ oauth_url: 1 })
  expect(() => assertFits(proxy)).toThrow('POST /integrations/oauth_url: status 200: /oauth_url must be string')
})
