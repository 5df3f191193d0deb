import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { DirectoryLockedError, lockDirectory } from '../../src/db/lock.ts'

const folders: string[] = []
const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'cc-lock-'))
  folders.push(path)
  return path
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})
const children: ReturnType<typeof spawn>[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Another process that takes the lock and keeps it. */
async function holder(directory: string, env: Record<string, string> = {}) {
  const source = `import { lockDirectory } from ${JSON.stringify(new URL('../../src/db/lock.ts', import.meta.url).href)}; lockDirectory(${JSON.stringify(directory)}); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

describe('lockDirectory', () => {
  it('can be taken again after it was released', () => {
    const directory = folder()
    lockDirectory(directory).release()
    lockDirectory(directory).release()
  })

  it('refuses a second process and names the first', async () => {
    const directory = folder()
    const child = await holder(directory)
    expect(() => lockDirectory(directory)).toThrow(DirectoryLockedError)
    expect(() => lockDirectory(directory)).toThrow(new RegExp(`process ${child.pid} on .*DATA_DIR`, 's'))
  })

  it('knows a process by more than a clock that other time zones read differently', async () => {
    const directory = folder()
    await holder(directory, { TZ: 'America/New_York' })
    const zone = process.env.TZ
    process.env.TZ = 'Asia/Tokyo'
    expect(() => lockDirectory(directory)).toThrow(DirectoryLockedError)
    process.env.TZ = zone ?? ''
  })

  it('takes over from a predecessor with its own pid, as in a container that was started again', () => {
    const directory = folder()
    const holder = { pid: process.pid, host: hostname(), startedAt: '', command: 'serve' }
    writeFileSync(join(directory, 'lock.json'), JSON.stringify(holder))
    lockDirectory(directory).release()
  })

  it('refuses the same process twice', () => {
    const directory = folder()
    const lock = lockDirectory(directory)
    expect(() => lockDirectory(directory)).toThrow(DirectoryLockedError)
    lock.release()
  })

  it('takes over from a process that was killed', async () => {
    const directory = folder()
    const child = await holder(directory)
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockDirectory(directory).release()
  })

  it('takes over when the pid belongs to a later process', () => {
    const directory = folder()
    writeFileSync(
      join(directory, 'lock.json'),
      JSON.stringify({ pid: process.pid, host: hostname(), startedAt: 'Thu Jan  1 00:00:00 1970', command: 'old' }),
    )
    lockDirectory(directory).release()
  })

  it('believes a holder on another machine while it beats', () => {
    const directory = folder()
    writeFileSync(
      join(directory, 'lock.json'),
      JSON.stringify({ pid: 1, host: 'elsewhere', startedAt: '', command: 'serve' }),
    )
    expect(() => lockDirectory(directory)).toThrow(/process 1 on elsewhere/)
  })
})
