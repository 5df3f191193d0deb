import type { Logger } from 'pino'
import type { Db } from '../db/database.ts'
import type { Keyring } from '../oauth/encryption.ts'
import { createBatcher } from './batcher.ts'
import { type Claim, claimDue, dueWebhooks } from './claims.ts'
import { writeMessage } from './messages.ts'
import type { Outcome, Sender } from './sender.ts'
import { fail, giveBack, type Settled, succeed } from './settle.ts'
import { openKey } from './signing-keys.ts'

export interface DispatcherOptions {
  db: Db
  keyring: Keyring
  log: Logger
  sender: Sender
  /** What time it is; everything is computed from it. */
  now?: () => Date
  /** From 0 to 1: spreads retries. */
  jitter?: () => number
}

/** Sends what is due. Any number of them may work on one database. */
export interface Dispatcher {
  /**
   * Takes on as much as there is room for, without waiting for it.
   *
   * @returns whether it is worth looking again at once
   */
  fill(): Promise<boolean>
  /** Works until nothing is due any more. */
  drain(): Promise<void>
  /** Lets requests that are under way end within the limit, then breaks them off and gives them back. */
  stop(limitMs?: number): Promise<void>
}

/** Requests under way, in one process and for one webhook of those: a slow receiver leaves room for others. */
const MAX_REQUESTS = 32
const MAX_PER_WEBHOOK = 8
const STOP_LIMIT_MS = 5_000

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { db, keyring, log, sender, now = () => new Date(), jitter = Math.random } = options
  const stopping = new AbortController()
  /** Requests under way, each with its webhook. */
  const underWay = new Map<Promise<void>, number>()
  let running: Promise<boolean> | undefined
  let following: Promise<boolean> | undefined
  let stopped = false

  const delivered = createBatcher((settled: Settled<'delivered'>[]) => succeed(db, settled))

  const countFor = (webhookId: number) => [...underWay.values()].filter((id) => id === webhookId).length

  async function attempt(claim: Claim): Promise<void> {
    const outcome = await send(claim)
    if (outcome.result === 'failed')
      log.warn(
        { webhookId: claim.webhookId, deliveryId: claim.id, attempt: claim.attempt, code: outcome.code },
        'a webhook did not take an event',
      )
    const at = now()
    if (outcome.result === 'delivered') await delivered.add({ claim, outcome, at })
    else if (outcome.result === 'failed') await fail(db, { claim, outcome, at }, jitter())
    else await giveBack(db, claim, at)
  }

  async function send(claim: Claim): Promise<Outcome> {
    const key = openKey(keyring, claim.webhookId, claim.sealedKey)
    if (key === undefined) return { result: 'failed', code: 'key_unreadable', status: null, durationMs: 0 }
    const message = writeMessage(claim.format, claim.event, key, claim.attempt, now())
    return sender.send(claim.url, message, stopping.signal)
  }

  function start(claim: Claim): void {
    const work = attempt(claim)
      // What could not be taken down is sent again when the claim ends.
      .catch((error: Error) => log.error({ deliveryId: claim.id, error: error.message }, 'webhook delivery'))
      .then(() => {
        underWay.delete(work)
        // A claim fetches several; it is not worth its queries for one. What fails here fails at the next regular look.
        if (countFor(claim.webhookId) <= MAX_PER_WEBHOOK / 2) fill().catch(() => {})
      })
    underWay.set(work, claim.webhookId)
  }

  /** @returns whether looking again may find more, although nothing was started */
  async function claimSome(): Promise<boolean> {
    if (stopped) return false
    let again = false
    const webhooks = await dueWebhooks(db, now())
    // Who has the fewest under way comes first.
    webhooks.sort((a, b) => countFor(a.id) - countFor(b.id))
    for (const webhook of webhooks) {
      const own = countFor(webhook.id)
      const room = Math.min(MAX_PER_WEBHOOK - own, MAX_REQUESTS - underWay.size)
      if (room <= 0 || own > MAX_PER_WEBHOOK / 2) continue
      const { claims, more } = await claimDue(db, webhook, room, now())
      for (const claim of claims) start(claim)
      again ||= more
    }
    return again
  }

  /** One at a time. Who comes while one runs gets the next: the one that runs may have looked already. */
  function fill(): Promise<boolean> {
    if (following) return following
    if (running) {
      following = running
        .catch(() => {})
        .then(() => {
          following = undefined
          return fill()
        })
      return following
    }
    running = claimSome().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    fill,
    async drain() {
      while (!stopped) {
        const more = await fill()
        if (!more && underWay.size === 0 && !running && !following) return
        // What ends makes room and fills it.
        while (underWay.size > 0) await Promise.race(underWay.keys())
      }
    },
    async stop(limitMs = STOP_LIMIT_MS) {
      stopped = true
      await running?.catch(() => {})
      const timer = setTimeout(() => stopping.abort(), limitMs)
      await Promise.all(underWay.keys())
      clearTimeout(timer)
      sender.close()
    },
  }
}
