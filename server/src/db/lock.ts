import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { prepareFolder } from './folder.ts'

/** Who holds the lock, as the lock file tells. */
interface Holder {
  pid: number
  host: string
  /** When the process started, to tell it from a later one with the same pid. Empty where the system cannot tell. */
  startedAt: string
  command: string
}

export interface DirectoryLock {
  release(): void
}

/** Another process uses the folder. */
export class DirectoryLockedError extends Error {
  override name = 'DirectoryLockedError' as const
}

const BEAT_MS = 5_000
/** A holder on another machine (a shared volume) counts as gone after this long without a beat. */
const SILENT_MS = 30_000

/** When a process started, in a form that only changes with the process. Empty where the system cannot tell. */
function startTime(pid: number): string {
  try {
    // Linux: ticks since boot, and which boot. The 22nd field; the second is a name that may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
  } catch {
    return startTimeByPs(pid)
  }
}

function startTimeByPs(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The locks of this process, which the file cannot tell from those of a predecessor with the same pid. */
const held = new Set<string>()

function isAlive(holder: Holder, path: string): boolean {
  if (holder.host !== hostname()) return Date.now() - statSync(path).mtimeMs < SILENT_MS
  if (holder.pid === process.pid) return held.has(path)
  return isRunning(holder.pid) && (holder.startedAt === '' || startTime(holder.pid) === holder.startedAt)
}

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/**
 * Takes a folder for this process alone.
 *
 * PGlite does not lock its data: a second process opens a live folder without an error, and the first then loses rows it
 * has acknowledged. A lock left behind by a process that died is taken over.
 *
 * @throws DirectoryLockedError naming the holder
 */
export function lockDirectory(directory: string): DirectoryLock {
  prepareFolder(directory)
  const path = join(directory, 'lock.json')
  const own = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    startedAt: startTime(process.pid),
    command: process.argv.slice(1).join(' '),
  } satisfies Holder)

  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 })
      return keep(path, own)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = read(path)
    if (holder && isAlive(holder, path))
      throw new DirectoryLockedError(
        `The data folder ${directory} is in use by process ${holder.pid} on ${holder.host} (${holder.command}). ` +
          'Stop that process first, or give this one another folder with DATA_DIR, or share a PostgreSQL with DATABASE_URL.',
      )
    // Moving aside is atomic: of two processes that find the same dead lock, one wins and the other starts over.
    const aside = `${path}.${process.pid}`
    try {
      renameSync(path, aside)
      const moved = read(aside)
      if (JSON.stringify(moved) !== JSON.stringify(holder)) renameSync(aside, path)
      else rmSync(aside)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new DirectoryLockedError(
    `The data folder ${directory} is being opened by another process at this moment. Try again.`,
  )
}

function keep(path: string, own: string): DirectoryLock {
  held.add(path)
  const beat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date())
    } catch {
      // The folder went away under us; the database reports that better than a timer can.
    }
  }, BEAT_MS)
  beat.unref()
  return {
    release() {
      clearInterval(beat)
      held.delete(path)
      if (JSON.stringify(read(path)) === own) rmSync(path, { force: true })
    },
  }
}
