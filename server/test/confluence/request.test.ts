import { describe, expect, it } from 'vitest'
import { AtlassianError } from '../../src/confluence/errors.ts'
import { quotaState, successBody } from '../../src/confluence/request.ts'

const NOW = Date.parse('2026-03-01T09:20:00Z')

function errorOf(status: number, headers: Record<string, string> = {}, body: unknown = {}): AtlassianError {
  try {
    successBody({ status, headers: new Headers(headers), body, bytes: 0 }, 'Asking', NOW)
  } catch (error) {
    if (error instanceof AtlassianError) return error
  }
  throw new Error('It was no error.')
}

describe('what an answer means', () => {
  it.each([
    ['a 429 that gives no reason', {}, 'site'],
    ['the quota as documented', { 'RateLimit-Reason': 'confluence-quota-global-based' }, 'app'],
    ['the quota as seen', { 'RateLimit-Reason': 'conf-global-based' }, 'app'],
    ['the quota of one tenant', { 'RateLimit-Reason': 'confluence-quota-tenant-based' }, 'site'],
    ['a burst', { 'RateLimit-Reason': 'confluence-burst-based' }, 'site'],
  ])('%s', (_, headers, limit) => {
    expect(errorOf(429, headers)).toMatchObject({ code: 'rate_limited', limit })
  })

  it.each<[string, Record<string, string>, string | undefined]>([
    ['as it says, however long', { 'Retry-After': '20000' }, '2026-03-01T14:53:20.000Z'],
    ['until the quota’s hour is over', { 'X-RateLimit-Reset': '2026-03-01T10:00Z' }, '2026-03-01T10:00:00.000Z'],
    ['a second at least', { 'Retry-After': '0' }, '2026-03-01T09:20:01.000Z'],
    ['as long as seems right where it says nothing', {}, undefined],
  ])('waits %s', (_, headers, at) => {
    expect(errorOf(429, headers).retryAt?.toISOString()).toBe(at)
    expect(errorOf(503, headers).retryAt?.toISOString()).toBe(at)
  })

  it.each([403, 404])('a %i that the edge made up says nothing', (status) => {
    expect(errorOf(status, { 'X-Cache': 'Error from cloudfront' }).code).toBe('unavailable')
    expect(errorOf(status, { 'X-Cache': 'Miss from cloudfront' }).code).not.toBe('unavailable')
  })
})

describe('what is said of the quota', () => {
  const headers = {
    'X-RateLimit-Limit': '65000',
    'X-RateLimit-Remaining': '64000',
    'X-RateLimit-Reset': '2026-03-01T10:00:00Z',
  }

  it('is read from the headers', () => {
    expect(quotaState(new Headers(headers))).toEqual({
      limit: 65_000,
      used: 1_000,
      resetAt: new Date('2026-03-01T10:00:00Z'),
    })
  })

  it.each(['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'])('is nothing without %s', (name) => {
    expect(quotaState(new Headers({ ...headers, [name]: 'soon' }))).toBeUndefined()
  })

  it('is nothing where it is not enforced yet', () => {
    const beta = Object.fromEntries(Object.entries(headers).map(([name, value]) => [`Beta-${name}`, value]))
    expect(quotaState(new Headers(beta))).toBeUndefined()
  })
})
