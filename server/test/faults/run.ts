import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../../src/sandbox/random.ts'
import { connect } from '../stack.ts'
import { type ActName, perform, type Scene } from './acts.ts'
import { patientClient } from './client.ts'
import { differences, leftovers } from './compare.ts'
import type { Host } from './hosts.ts'
import type { Plan, Round } from './plan.ts'
import type { Stage } from './stage.ts'
import { startSync } from './starts.ts'
import { missBeats, passTime } from './time.ts'

/** What a run was, and what is wrong after it. */
export interface Outcome {
  plan: Plan
  /** Empty where all is as it should be. */
  wrong: string[]
  /** What happened, with how the syncs ended. */
  story: string[]
  /** By name, how often it happened. */
  acts: Partial<Record<ActName, number>>
  syncs: number
  requests: number
  seconds: number
}

/** A sync that takes longer than this hangs. */
const LONGEST_MS = 300_000
const LOOK_MS = 100
/** The time that jobs wait for passes every so many looks; where a look means a crash, more seldom. */
const LOOKS_PER_TURN = { harmless: 5, crash: 60 }

/** An empty folder of content: no real pages, which are large. */
const noContent = mkdtempSync(join(tmpdir(), 'cc-faults-content-'))

/** Plays a plan: syncs while everything goes wrong, then one in peace, after which all has to be as it is in Confluence. */
export async function play(plan: Plan, host: Host, stage: Stage): Promise<Outcome> {
  const began = Date.now()
  const { seed, pages, spaces, latencyMs, maxRows } = plan
  const sandbox = await stage.set({ seed, pages, spaces, latencyMs, content: noContent })
  await sandbox.app.request('/sandbox/rows', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ max: maxRows }),
  })
  const outcome: Outcome = { plan, wrong: [], story: [], acts: {}, syncs: 0, requests: 0, seconds: 0 }
  const call = patientClient(host.url, `customer-${seed}-${began}`)
  const { connection } = await connect({ url: host.url }, call)
  const scene: Scene = { sandbox, call, connectionId: connection.id, host, random: createRandom(seed) }
  let someoneDied = false

  const act = async ({ act: name, seed: choices }: Round['acts'][number], when: string) => {
    outcome.acts[name] = (outcome.acts[name] ?? 0) + 1
    outcome.story.push(`${when}: ${name}`)
    someoneDied ||= name === 'crash'
    await perform(name, { ...scene, random: createRandom(choices) })
  }

  /** Waits for the end of the connection's latest sync. */
  async function end(what: string): Promise<{ phase: string; failed: number } | undefined> {
    const deadline = Date.now() + LONGEST_MS
    for (let looks = 1; Date.now() < deadline; looks++) {
      const { body } = await call('GET', `/v1/connections/${connection.id}/sync`)
      if (body.finishedAt) {
        outcome.syncs += 1
        outcome.story.push(`${what}: ${body.phase}${body.error ? ` (${body.error.code})` : ''}`)
        return { phase: body.phase, failed: body.pages.failed }
      }
      if (looks % LOOKS_PER_TURN[host.looking] === 0) await turn()
      await delay(LOOK_MS)
    }
    outcome.wrong.push(`${what} hangs`)
    return undefined
  }

  /** The time passes that something waits for; where somebody died, the patience with the dead ends as well. */
  async function turn(): Promise<void> {
    await host.look(async (db) => {
      await passTime(db, sandbox)
      if (someoneDied) await missBeats(db)
    })
    someoneDied = false
  }

  for (const [index, round] of plan.rounds.entries()) {
    const left = [...round.acts]
    stage.onRequest(async (count) => {
      while (left[0] && left[0].at <= count) {
        const next = left.shift()
        if (next) await act(next, `sync ${index + 1} (${round.start}), request ${count}`)
      }
    })
    await startSync(round.start, scene)
    await end(`sync ${index + 1} (${round.start})`)
    stage.onRequest(async () => {})
    for (const late of left.splice(0)) await act(late, `after sync ${index + 1}`)
    await host.revived()
  }

  outcome.story.push('peace')
  sandbox.faults.clear()
  sandbox.quota.set({ used: 0 })
  await end('what was left')
  // A token that has to be refreshed: the sign-in has survived.
  sandbox.grants.expireAccess(null)
  await call('POST', `/v1/connections/${connection.id}/sync`, {})
  const last = await end('the sync in peace')
  if (last && (last.phase !== 'done' || last.failed > 0))
    outcome.wrong.push(`the sync in peace ended as ${last.phase}, ${last.failed} pages failed`)
  const { body: own } = await call('GET', '/v1/connections')
  const { status } = own.connections[0]
  if (status !== 'active') outcome.wrong.push(`the connection is ${status}`)
  outcome.wrong.push(
    ...(await host.look(async (db) => [
      ...(await differences(db, sandbox, connection.id)),
      ...(await settledLeftovers(db)),
    ])),
  )
  outcome.requests = sandbox.counters.state().requests
  outcome.seconds = (Date.now() - began) / 1000
  await call('POST', `/v1/connections/${connection.id}/disconnect`, {})
  return outcome
}

/** What is left once jobs have had the time to say that they are done. */
async function settledLeftovers(db: Parameters<typeof leftovers>[0]): Promise<string[]> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const left = await leftovers(db)
    if (left.length === 0 || Date.now() > deadline) return left
    await missBeats(db)
    await delay(LOOK_MS)
  }
}
