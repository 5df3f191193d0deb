import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { failureMessage } from '../../src/webhooks/failures.ts'
import { parseNetwork } from '../../src/webhooks/networks.ts'
import { createSender, type Sender, type SenderOptions } from '../../src/webhooks/sender.ts'
import { type Receiver, startReceiver, status } from './receiver.ts'

const message = { body: '{"payload": "x"}', headers: { 'content-type': 'application/json', 'Carbon-Signature': 't=1' } }
const never = new AbortController().signal
const networks = (...texts: string[]) => texts.map(parseNetwork).filter((network) => network !== undefined)

let receiver: Receiver
let other: Receiver
const senders: Sender[] = []
const sender = (options: Partial<SenderOptions> = {}) => {
  const made = createSender({ allowed: networks('127.0.0.1'), ...options })
  senders.push(made)
  return made
}
/** A name server whose answers are given in turn; the last one stays. */
const names = (...answers: string[][]) => {
  let asked = 0
  const resolve: LookupFunction = (_hostname, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return { resolve, asked: () => asked }
}

beforeAll(async () => {
  receiver = await startReceiver('0.0.0.0')
  other = await startReceiver()
})
afterEach(() => {
  for (const made of senders.splice(0)) made.close()
  receiver.reset()
  other.reset()
})
afterAll(() => Promise.all([receiver.vanish(), other.vanish()]))

describe('an attempt', () => {
  it('posts the body and the headers', async () => {
    expect(await sender().send(`${receiver.url}/hook?a=1`, message, never)).toMatchObject({
      result: 'delivered',
      status: 200,
    })
    expect(receiver.received).toMatchObject([
      {
        path: '/hook?a=1',
        body: message.body,
        headers: { 'carbon-signature': 't=1', 'content-type': 'application/json' },
      },
    ])
  })

  it.each([200, 201, 202, 204, 299])('succeeds with %i', async (code) => {
    receiver.answer = status(code)
    expect(await sender().send(receiver.url, message, never)).toMatchObject({ result: 'delivered', status: code })
  })

  it.each([301, 302, 303, 304, 400, 401, 404, 410, 429, 500, 503])('fails with %i', async (code) => {
    receiver.answer = status(code, { location: other.url })
    expect(await sender().send(receiver.url, message, never)).toMatchObject({
      result: 'failed',
      code: `status_${code}`,
      status: code,
    })
    expect(other.received).toEqual([])
  })

  it('says to register the new URL where a redirect is not followed', () =>
    expect(failureMessage('status_301')).toContain('Register the URL'))

  it('ends when there is no answer in time', async () => {
    receiver.answer = () => {}
    expect(await sender({ timeoutMs: 30 }).send(receiver.url, message, never)).toMatchObject({
      result: 'failed',
      code: 'timeout',
      status: null,
    })
  })

  it('ends when it is told to, and knows nothing then', async () => {
    const stop = new AbortController()
    receiver.answer = () => stop.abort()
    expect(await sender().send(receiver.url, message, stop.signal)).toEqual({ result: 'aborted' })
  })

  it('reports a receiver that is not there', async () => {
    await other.vanish()
    expect(await sender().send(other.url, message, never)).toMatchObject({ code: 'connection_failed', status: null })
    await other.comeBack()
  })

  it('reports a connection that breaks', async () => {
    receiver.answer = (_, response) => response.destroy()
    expect(await sender().send(receiver.url, message, never)).toMatchObject({ code: 'connection_failed' })
  })

  it('reports TLS that fails', async () =>
    expect(await sender().send(receiver.url.replace('http:', 'https:'), message, never)).toMatchObject({
      code: 'tls_failed',
    }))

  it('reports a name that does not exist', async () => {
    const resolve: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
    expect(await sender({ resolve }).send('http://hook.example/', message, never)).toMatchObject({
      code: 'name_not_found',
    })
  })

  it('does not wait for an answer that wants another protocol', async () => {
    receiver.answer = (_, response) => {
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
    }
    const outcome = await sender().send(`${receiver.url}/`, message, never)
    expect(outcome).toMatchObject({ result: 'failed', code: 'status_101' })
  })

  it('does not read an endless answer', async () => {
    receiver.answer = (_, response) => {
      const more = () => response.write('x'.repeat(1000), () => response.destroyed || setImmediate(more))
      more()
    }
    expect(await sender().send(receiver.url, message, never)).toMatchObject({ result: 'delivered' })
  })

  it('keeps the connection for the next message, and survives that it was closed', async () => {
    const kept = sender()
    await kept.send(receiver.url, message, never)
    await kept.send(receiver.url, message, never)
    expect(receiver.connections).toBe(1)
    let requests = 0
    receiver.answer = (_, response) => (requests++ === 0 ? response.destroy() : response.end())
    expect(await kept.send(receiver.url, message, never)).toMatchObject({ result: 'delivered' })
    expect(receiver.connections).toBe(2)
  })
})

describe('redirects', () => {
  it.each([307, 308])('%i is followed with method and body', async (code) => {
    receiver.answer = status(code, { location: `${other.url}/new` })
    expect(await sender().send(receiver.url, message, never)).toMatchObject({ result: 'delivered' })
    expect(other.received).toMatchObject([{ path: '/new', body: message.body, headers: { 'carbon-signature': 't=1' } }])
  })

  it('are followed three times', async () => {
    receiver.answer = ({ path }, response) => {
      const left = Number(path.slice(1))
      if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end()
      else response.end()
    }
    expect(await sender().send(`${receiver.url}/3`, message, never)).toMatchObject({ result: 'delivered' })
    expect(await sender().send(`${receiver.url}/4`, message, never)).toMatchObject({ code: 'too_many_redirects' })
  })

  it.each([
    ['http://127.0.0.2/', 'target_not_allowed'],
    ['http://169.254.169.254/latest/meta-data/', 'target_not_allowed'],
    ['http://[::ffff:10.0.0.1]/', 'target_not_allowed'],
    ['ftp://example.com/', 'url_invalid'],
    ['http://user:secret@127.0.0.1/', 'url_invalid'],
    ['http://', 'url_invalid'],
  ])('to %s: %s', async (location, code) => {
    receiver.answer = status(307, { location })
    expect(await sender().send(receiver.url, message, never)).toMatchObject({ result: 'failed', code })
  })

  it('to a name that leads to a private address are refused', async () => {
    receiver.answer = status(308, { location: 'http://inside.example/' })
    const { resolve } = names(['10.0.0.1'])
    expect(await sender({ resolve }).send(receiver.url, message, never)).toMatchObject({ code: 'target_not_allowed' })
  })

  it('without a place to go to are failures', async () => {
    receiver.answer = status(307)
    expect(await sender().send(receiver.url, message, never)).toMatchObject({ code: 'status_307' })
  })
})

describe('names', () => {
  // 127.0.0.1 stands for the internet here: it is the one address that is allowed.
  const url = () => `http://hook.example:${receiver.port}/`

  it('are resolved once, and the address that was checked is the one that is used', async () => {
    const { resolve, asked } = names(['127.0.0.1'], ['127.0.0.2'])
    expect(await sender({ resolve }).send(url(), message, never)).toMatchObject({ result: 'delivered' })
    expect(asked()).toBe(1)
  })

  it('are checked again at each attempt: DNS rebinding', async () => {
    receiver.answer = status(200, { connection: 'close' })
    const { resolve } = names(['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1'])
    const one = sender({ resolve })
    expect(await one.send(url(), message, never)).toMatchObject({ result: 'delivered' })
    expect(await one.send(url(), message, never)).toMatchObject({ code: 'target_not_allowed' })
    expect(await one.send(url(), message, never)).toMatchObject({ result: 'delivered' })
    expect(receiver.received).toHaveLength(2)
  })

  it('with good and bad addresses lead to the good ones only', async () => {
    const { resolve } = names(['127.0.0.2', '10.0.0.1', '127.0.0.1', '::1'])
    expect(await sender({ resolve }).send(url(), message, never)).toMatchObject({ result: 'delivered' })
    expect(receiver.received).toHaveLength(1)
  })

  it.each([[['127.0.0.2']], [['::ffff:127.0.0.2', '169.254.169.254']], [['::1', 'fd00::1']], [[]]])(
    'that lead to %j are refused',
    async (addresses) => {
      const { resolve } = names(addresses)
      expect(await sender({ resolve }).send(url(), message, never)).toMatchObject({ code: 'target_not_allowed' })
      expect(receiver.connections).toBe(0)
    },
  )

  it('of this machine are no way around: localhost', async () =>
    expect(await sender({ allowed: [] }).send(`http://localhost:${receiver.port}/`, message, never)).toMatchObject({
      code: 'target_not_allowed',
    }))
})
