import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../../src/db/database.ts'
import type { Fault } from '../../src/sandbox/admin/faults.ts'
import { createRandom } from '../../src/sandbox/random.ts'
import { connect } from '../stack.ts'
import { type ActName, perform } from './acts.ts'
import { patientClient } from './client.ts'
import { differences, leftovers } from './compare.ts'
import { mustBeHeld, type Sight, type Standing, sightOf, standingOf, wrongDecisions } from './guard.ts'
import type { Host } from './hosts.ts'
import type { Plan, Round } from './plan.ts'
import { adminCall, type Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import { type Start, startSyncs } from './starts.ts'
import { count, type Tally } from './tally.ts'
import { ageHeartbeats, createTime } from './time.ts'

/** What a run was, and what is wrong after it. */
export interface Outcome {
  plan: Plan
  /** Empty where all is as it should be. */
  wrong: string[]
  /** What happened, with how the syncs ended. */
  story: string[]
  happened: Tally
  syncs: number
  requests: number
  seconds: number
}

/** A sync that takes longer than this hangs. */
const LONGEST_MS = 300_000
const LOOK_MS = 100

/** An empty folder of content: no real pages, which are large. */
const noContent = mkdtempSync(join(tmpdir(), 'cc-faults-content-'))

/** So that hours can pass there without its time being in the future. */
const now = () => Date.now() - 48 * 3_600_000

/** Plays a plan: syncs while everything goes wrong, then some in peace, after which all has to be as it is in Confluence. */
export async function play(plan: Plan, host: Host, stage: Stage): Promise<Outcome> {
  const began = Date.now()
  const outcome: Outcome = { plan, wrong: [], story: [], happened: {}, syncs: 0, requests: 0, seconds: 0 }
  await playInto(outcome, host, stage).catch((error: Error) => outcome.wrong.push(error.message))
  outcome.seconds = (Date.now() - began) / 1000
  return outcome
}

async function playInto(outcome: Outcome, host: Host, stage: Stage): Promise<void> {
  const { plan, happened, story, wrong } = outcome
  const { seed, pages, spaces, latencyMs, maxRows } = plan
  const sandbox = await stage.set({ seed, pages, spaces, latencyMs, content: noContent, now })
  await adminCall(sandbox, '/sandbox/rows', { max: maxRows })
  const call = patientClient(host.url, `customer-${seed}-${Date.now()}`)
  const { connection } = await connect({ url: host.url }, call)
  const { id: connectionId } = connection
  const time = createTime(host, sandbox)
  const truth = { sandbox, blogPosts: host.blogPosts }
  const scene: Scene = {
    sandbox,
    call,
    connectionId,
    host,
    random: createRandom(seed),
    hasNewestTokens: stage.hasNewestTokens,
    missHeartbeats: time.missHeartbeats,
  }
  const faults: { name: ActName; fault: Fault; times: number }[] = []
  let sights: Sight[] = []
  let begun = new Set<number>()

  const act = async ({ act: name, seed: choices }: Round['acts'][number], when: string) => {
    const what = await perform(name, { ...scene, random: createRandom(choices) })
    story.push(`${when}: ${name}${what === false ? ', in vain' : ''}`)
    if (what === false) return
    if (name === 'crash') time.someoneDied()
    sights.push(sightOf(truth))
    if (what !== true && 'times' in what) return faults.push({ name, fault: what, times: what.times ?? 0 })
    if (what !== true) begun.add(what.syncId)
    return count(happened, name)
  }

  /** Waits for the end of a sync, or of the connection's latest. */
  async function end(what: string, syncId?: number): Promise<{ phase: string; failed: number } | undefined> {
    const which = syncId === undefined ? '' : `?syncId=${syncId}`
    let deadline = Date.now() + LONGEST_MS
    while (Date.now() < deadline) {
      const { body } = await call('GET', `/v1/connections/${connectionId}/sync${which}`)
      if (body.finishedAt) {
        outcome.syncs += 1
        story.push(`${what}: ${body.phase}${body.error ? ` (${body.error.code}: ${body.error.message})` : ''}`)
        return { phase: body.phase, failed: body.pages.failed }
      }
      const looked = Date.now()
      await time.pass()
      // That a host is killed and started again for a look is not the sync's time.
      deadline += Date.now() - looked
      await delay(LOOK_MS)
    }
    wrong.push(`${what} hangs`)
    return undefined
  }

  /** Waits for the syncs of a round, those that were begun by an act included. */
  async function endAll(what: string): Promise<void> {
    for (const syncId of begun) await end(`${what}, sync ${syncId}`, syncId)
    await end(what)
  }

  function judge(what: string, before: Standing, after: Standing): void {
    const decided = wrongDecisions({ before, after, sights, syncs: Math.max(1, begun.size) })
    wrong.push(...decided.map((line) => `${what}: ${line}`))
    count(happened, 'deleted', [...before.stored.keys()].filter((id) => !after.stored.has(id)).length)
    for (const [space, reason] of after.reasons)
      if (![...before.held.values()].includes(space))
        count(happened, reason === 'many_vanished' ? 'held: many_vanished' : 'held: space_unreachable')
  }

  let standing: Standing = { stored: new Map(), held: new Map(), reasons: new Map() }
  for (const [index, round] of plan.rounds.entries()) {
    const what = `sync ${index + 1} (${round.start})`
    const left = [...round.acts]
    sights = [sightOf(truth)]
    stage.onRequest(async (requests) => {
      while (left[0] && left[0].at <= requests) {
        const next = left.shift()
        if (next) await act(next, `${what}, request ${requests}`)
      }
    })
    begun = new Set(await startSyncs(round.start, scene))
    await endAll(what)
    stage.onRequest(async () => {})
    for (const late of left.splice(0)) await act(late, `after ${what}`)
    await host.revived()
    await endAll(`after ${what}`)
    const before = standing
    standing = await standingOf(call, connectionId)
    judge(what, before, standing)
  }

  story.push('peace')
  for (const { name, fault, times } of faults) count(happened, name, times - (fault.times ?? 0))
  sandbox.faults.clear()
  sandbox.quota.set({ used: 0 })
  // A token that has to be refreshed: the sign-in has survived.
  sandbox.grants.expireAccess(null)

  async function inPeace(starts: readonly Start[]): Promise<void> {
    for (const start of starts) {
      for (const syncId of await startSyncs(start, scene)) {
        const last = await end(`${start} in peace`, syncId)
        if (last && (last.phase !== 'done' || last.failed > 0))
          wrong.push(`${start} in peace ended as ${last.phase}, ${last.failed} pages failed`)
      }
    }
  }
  const wrongHolds = (held: Standing['held'], must: ReadonlySet<string>) => [
    ...[...held.keys()]
      // A look at edits may take in a page of a space that was archived since the last look at spaces.
      .filter((id) => !must.has(id) && !sightOf(truth).elsewhere.has(id))
      .map((id) => `file ${id} is held, and need not be`),
    ...[...must].filter((id) => !held.has(id)).map((id) => `file ${id} is not held, and must be`),
  ]

  await inPeace(plan.peace)
  const before = standing
  const must = mustBeHeld(before, sightOf(truth))
  standing = await standingOf(call, connectionId)
  wrong.push(...wrongHolds(standing.held, must))
  sights = [sightOf(truth)]
  begun = new Set()
  judge('peace', before, standing)
  const { body: decided } = await call('POST', `/v1/connections/${connectionId}/held-deletions/${plan.decision}`, {})
  story.push(`${decided.count} held deletions: ${plan.decision}`)
  const kept = new Set(plan.decision === 'refuse' ? standing.held.keys() : [])
  if (kept.size > 0) {
    await inPeace(['sweep'])
    wrong.push(...wrongHolds((await standingOf(call, connectionId)).held, new Set()))
  }

  const { body: own } = await call('GET', `/v1/connections/${connectionId}`)
  if (own.status !== 'active') wrong.push(`the connection is ${own.status}`)
  wrong.push(...(await settledDifferences(host, (db) => differences(db, truth, connectionId, kept))))
  count(happened, 'job handed over', time.handovers())
  outcome.requests = sandbox.counters.state().requests
  await call('POST', `/v1/connections/${connectionId}/disconnect`, {})
}

/** What is wrong once jobs have had the time to say that they are done, and pages to show what they name. */
async function settledDifferences(host: Host, compare: (db: Db) => Promise<string[]>): Promise<string[]> {
  for (let looks = 0; ; looks++) {
    await delay(looks === 0 ? LOOK_MS : SETTLE_MS[host.looking])
    const seen = await host.look(async (db) => {
      const left = await leftovers(db)
      if (left.length === 0 || looks === MAX_LOOKS) return [...(await compare(db)), ...left]
      // What was at work while this look killed it is free when it runs again.
      if (host.looking === 'crash') await ageHeartbeats(db)
      return undefined
    })
    if (seen) return seen
  }
}

/** Between looks at what is left; where a look means a crash, long enough for the queue to hand over what was at work. */
const SETTLE_MS = { harmless: 500, crash: 10_000 }
const MAX_LOOKS = 40
