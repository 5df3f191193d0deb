import { type LookupAddress, lookup } from 'node:dns'
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { connectionFailure, type FailureCode, TARGET_NOT_ALLOWED } from './failures.ts'
import type { Message } from './messages.ts'
import { isAllowedAddress, type Network } from './networks.ts'
import { checkTarget, redirectTarget } from './targets.ts'

/** How an attempt ended. */
export type Outcome =
  | { result: 'delivered'; status: number; durationMs: number }
  | { result: 'failed'; code: FailureCode; status: number | null; durationMs: number }
  /** Given up by us: nothing is known of the receiver. */
  | { result: 'aborted' }

/** Posts messages to webhooks. */
export interface Sender {
  /** Never rejects. */
  send(url: string, message: Message, signal: AbortSignal): Promise<Outcome>
  /** Closes the connections that are kept for the next message. */
  close(): void
}

export interface SenderOptions {
  /** Networks that may be reached although they are not on the internet. */
  allowed: readonly Network[]
  /** For one attempt, redirects included. */
  timeoutMs?: number
  /** Resolves names; `dns.lookup` unless a test says otherwise. */
  resolve?: LookupFunction
}

const TIMEOUT_MS = 15_000
const MAX_REDIRECTS = 3
/** So much of a body is read, and for so long, to keep the connection for the next message. It goes nowhere. */
const MAX_BODY_BYTES = 4 * 1024
const BODY_MS = 1_000
const IDLE_CONNECTION_MS = 4_000

/** The redirects that keep the method and the body. */
const followed = new Set([307, 308])

export function createSender({ allowed, timeoutMs = TIMEOUT_MS, resolve = lookup }: SenderOptions): Sender {
  const pool = { keepAlive: true, timeout: IDLE_CONNECTION_MS, maxFreeSockets: 16 }
  const agents = { 'http:': new HttpAgent(pool), 'https:': new HttpsAgent(pool) }

  /** Gives the connection only addresses that it may reach: what is checked is what is connected to. */
  const guardedLookup: LookupFunction = (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const addresses = (found as LookupAddress[]).filter(({ address }) => isAllowedAddress(address, allowed))
      const [first] = addresses
      if (!first) {
        const refused = new Error('The name leads to no address that may be reached.')
        return callback(Object.assign(refused, { code: TARGET_NOT_ALLOWED }), [])
      }
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })

  /** One request. Rejects when there is no answer. */
  function post(url: URL, { body, headers }: Message, signal: AbortSignal, fresh = false): Promise<IncomingMessage> {
    return new Promise((settle, reject) => {
      const secure = url.protocol === 'https:'
      const agent = fresh ? false : agents[secure ? 'https:' : 'http:']
      const options = { method: 'POST', headers, agent, lookup: guardedLookup, signal }
      const request: ClientRequest = secure ? httpsRequest(url, options) : httpRequest(url, options)
      request.on('response', settle)
      // An answer that wants another protocol comes this way and no other.
      request.on('upgrade', (response, socket) => {
        socket.destroy()
        settle(response)
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The receiver closed a kept connection just as we used it: that says nothing of the message.
        if (request.reusedSocket && !fresh && !signal.aborted)
          post(url, { body, headers }, signal, true).then(settle, reject)
        else reject(error)
      })
      request.end(body)
    })
  }

  /** Posts and follows redirects. */
  async function deliver(start: string, message: Message, signal: AbortSignal): Promise<FailureCode | number> {
    let url: URL | FailureCode = checkTarget(start, allowed)
    for (let redirects = 0; url instanceof URL; redirects++) {
      const response = await post(url, message, signal)
      await discard(response)
      const { statusCode = 0, headers } = response
      if (!followed.has(statusCode) || !headers.location) return statusCode
      if (redirects === MAX_REDIRECTS) return 'too_many_redirects'
      url = redirectTarget(url, headers.location, allowed)
    }
    return url
  }

  return {
    async send(url, message, stop) {
      const started = performance.now()
      const timeout = AbortSignal.timeout(timeoutMs)
      const took = () => Math.round(performance.now() - started)
      try {
        const end = await deliver(url, message, AbortSignal.any([stop, timeout]))
        if (typeof end === 'string') return { result: 'failed', code: end, status: null, durationMs: took() }
        return end >= 200 && end < 300
          ? { result: 'delivered', status: end, durationMs: took() }
          : { result: 'failed', code: `status_${end}`, status: end, durationMs: took() }
      } catch (error) {
        if (stop.aborted) return { result: 'aborted' }
        const code = timeout.aborted ? 'timeout' : connectionFailure(error)
        return { result: 'failed', code, status: null, durationMs: took() }
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

/** Reads a body to its end within limits and drops it; beyond them the connection is closed. The status says it all. */
async function discard(response: IncomingMessage): Promise<void> {
  const timer = setTimeout(() => response.destroy(), BODY_MS)
  let bytes = 0
  try {
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length
      if (bytes > MAX_BODY_BYTES) return
    }
  } catch {
    // Broken, aborted or too slow: what counts has arrived before.
  } finally {
    clearTimeout(timer)
    if (!response.complete) response.destroy()
  }
}
