import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const problems = (env: Record<string, string>) => {
  const result = parseConfig(env)
  return result.ok ? [] : result.problems
}

describe('parseConfig', () => {
  it('needs nothing on a developer’s machine', () => {
    const result = parseConfig({})
    expect(result.ok && result.config).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      publicUrl: 'http://localhost:8000',
    })
  })

  it('takes everything that is set', () => {
    const result = parseConfig({
      PORT: '9000',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://connect.example.com/',
      DATABASE_URL: 'postgres://u:p@db/cc',
      ENCRYPTION_KEYS: `new:${key},old:${key}`,
      ALLOWED_ORIGINS: 'https://app.example.com, https://b.example.com',
      ATLASSIAN_CLIENT_ID: 'id',
      ATLASSIAN_CLIENT_SECRET: 'secret',
      API_KEY: 'a-key-that-is-long-enough',
    })
    expect(result).toMatchObject({
      ok: true,
      config: {
        publicUrl: 'https://connect.example.com',
        encryptionKeys: [{ id: 'new' }, { id: 'old' }],
        allowedOrigins: ['https://app.example.com', 'https://b.example.com'],
      },
    })
  })

  it('accepts PostgreSQL over a socket', () => {
    expect(problems({ DATABASE_URL: 'postgres://postgres@/db?host=%2Ftmp%2Fpg' })).toEqual([])
  })

  it('reports every problem at once', () => {
    const found = problems({
      PORT: 'http',
      PUBLIC_URL: 'connect.example.com',
      DATABASE_URL: 'mysql://x',
      SYNC_INTERVAL_HOURS: '5',
      LOG_LEVEL: 'loud',
    })
    expect(found).toHaveLength(5)
    for (const name of ['PORT', 'PUBLIC_URL', 'DATABASE_URL', 'SYNC_INTERVAL_HOURS', 'LOG_LEVEL'])
      expect(found.some((problem) => problem.startsWith(name))).toBe(true)
  })

  it.each([
    ['a port out of range', { PORT: '70000' }, /PORT/],
    ['a public URL with a path', { PUBLIC_URL: 'https://x.example.com/connect' }, /PUBLIC_URL/],
    ['any port without a public URL', { PORT: '0' }, /PUBLIC_URL/],
    ['two keys of one id', { ENCRYPTION_KEYS: `k:${key},k:${key}` }, /different id/],
    ['http off this machine', { PUBLIC_URL: 'http://connect.example.com' }, /https/],
    ['no encryption keys off loopback', { HOST: '0.0.0.0', PUBLIC_URL: 'https://c.example.com' }, /ENCRYPTION_KEYS/],
    ['a short encryption key', { ENCRYPTION_KEYS: 'k1:c2hvcnQ=' }, /32 bytes/],
    ['half an OAuth app', { ATLASSIAN_CLIENT_ID: 'id' }, /ATLASSIAN_CLIENT_SECRET/],
    ['an origin with a path', { ALLOWED_ORIGINS: 'https://app.example.com/x' }, /ALLOWED_ORIGINS/],
    ['a weak API key', { API_KEY: 'short' }, /16 characters/],
    ['an http Atlassian', { ATLASSIAN_API_URL: 'http://api.example.com' }, /ATLASSIAN_API_URL/],
    ['blog posts by another word', { SYNC_BLOG_POSTS: 'yes' }, /SYNC_BLOG_POSTS must be on or off/],
  ])('refuses %s', (_, env, message) => {
    expect(problems(env).join('\n')).toMatch(message)
  })

  it('never repeats a secret', () => {
    const text = problems({
      API_KEY: 'hunter2',
      ENCRYPTION_KEYS: 'k1:hunter2',
      DATABASE_URL: 'mysql://u:hunter2@db/x',
    }).join('\n')
    expect(text).not.toContain('hunter2')
  })
})
