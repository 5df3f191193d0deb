import { startDueSyncs } from '../../src/sync/schedule.ts'
import { HOUR, later, type ScheduleWorld } from './schedule-world.ts'

const MINUTE = HOUR / 60

/** A sync that was begun by itself. */
export interface Start {
  connectionId: number
  /** Hours between two syncs of this connection. */
  interval: number
  /** Minutes since the day began. */
  minute: number
  kind: string
}

/**
 * A day of schedules on a clock that nobody waits for: at the end of each minute a process looks for what is due, and what it begins
 * is through before the next look.
 *
 * @param isRunning whether there is a server in a minute; all of them unless given
 */
export async function simulateDay(
  world: ScheduleWorld,
  isRunning: (minute: number) => boolean = () => true,
): Promise<Start[]> {
  const starts: Start[] = []
  for (let minute = 0; minute < 24 * 60; minute++) {
    if (!isRunning(minute)) continue
    if ((await startDueSyncs(world.services, { now: later((minute + 1) * MINUTE) })) === 0) continue
    for (const { connection_id, kind, interval } of await world.finish())
      starts.push({ connectionId: connection_id, interval: interval ?? 0, minute, kind })
  }
  return starts
}
