import { afterAll, beforeAll, expect, it } from 'vitest'
import { emptyPostgres } from '../database.ts'
import { type Start, simulateDay } from './day.ts'
import { openScheduleWorld, type ScheduleWorld } from './schedule-world.ts'

/** 1,000 connections, a quarter with each interval. */
const CONNECTIONS = 1_000
const INTERVALS = [3, 6, 12, 24]
/** What a look for edits costs where there are none. */
const IDLE_POINTS = 2
const QUOTA = 65_000

let drop: () => Promise<void>
let world: ScheduleWorld
let starts: Start[]

beforeAll(async () => {
  const database = await emptyPostgres()
  drop = database.drop
  world = await openScheduleWorld({ databaseUrl: database.databaseUrl, dataDir: 'unused' })
  for (const interval of INTERVALS)
    await world.connectMany(CONNECTIONS / INTERVALS.length, {
      auto_sync_enabled_sources: 'ALL',
      auto_sync_interval: interval,
    })
  starts = await simulateDay(world)
}, 300_000)
afterAll(async () => {
  await world.close()
  await drop()
})

const count = <Key>(keys: Key[]) => {
  const counts = new Map<Key, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

it('syncs each connection as often as was asked for, and exactly its interval apart', () => {
  const times = new Map<number, number[]>()
  for (const { connectionId, minute } of starts) times.set(connectionId, [...(times.get(connectionId) ?? []), minute])
  expect(times.size).toBe(CONNECTIONS)
  for (const [connectionId, minutes] of times) {
    const interval = starts.find((start) => start.connectionId === connectionId)?.interval ?? 0
    expect(minutes).toHaveLength(24 / interval)
    for (const [index, minute] of minutes.slice(1).entries()) expect(minute - (minutes[index] ?? 0)).toBe(interval * 60)
  }
})

it('begins about as many in every hour and in every minute', () => {
  const mean = starts.length / 24
  expect(mean).toBe(156.25)
  const hours = count(starts.map(({ minute }) => Math.floor(minute / 60)))
  for (const [, inHour] of hours) expect(Math.abs(inHour - mean)).toBeLessThan(0.1 * mean)
  expect(Math.max(...count(starts.map(({ minute }) => minute)).values())).toBeLessThanOrEqual(3 * (mean / 60))
})

it('takes less than a hundredth of the quota in any hour where nobody edited anything', () => {
  const hours = count(starts.map(({ minute }) => Math.floor(minute / 60)))
  expect(Math.max(...hours.values()) * IDLE_POINTS).toBeLessThan(QUOTA / 100)
})
