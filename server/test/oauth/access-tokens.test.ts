import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAccessTokens } from '../../src/oauth/access-tokens.ts'
import { createKeyring } from '../../src/oauth/encryption.ts'

const ring = (...bytes: number[]) =>
  createKeyring(bytes.map((byte) => ({ id: `k${byte}`, key: Buffer.alloc(32, byte) })))
const hours = (count: number) => count * 60 * 60 * 1000

afterEach(() => {
  vi.useRealTimers()
})

describe('an access token', () => {
  const tokens = createAccessTokens(ring(1))

  it('names its user for ten hours, and nobody after that', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const token = await tokens.issue(7)
    vi.setSystemTime(Date.now() + hours(10) - 1000)
    expect(await tokens.verify(token)).toBe(7)
    vi.setSystemTime(Date.now() + 1000)
    expect(await tokens.verify(token)).toBeUndefined()
  })

  it('is refused when it is of another server, changed, or none at all', async () => {
    const foreign = await createAccessTokens(ring(2)).issue(7)
    const [head, , signature] = (await tokens.issue(7)).split('.')
    const [, body] = (await tokens.issue(8)).split('.')
    const verified = [foreign, `${head}.${body}.${signature}`, '', 'Bearer'].map(tokens.verify)
    expect(await Promise.all(verified)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('still counts after its key was rotated out of first place', async () => {
    expect(await createAccessTokens(ring(2, 1)).verify(await tokens.issue(7))).toBe(7)
  })
})
