import { describe, expect, it } from 'vitest'
import { parseSandboxEnv, startSandbox } from '../../src/sandbox/index.ts'

const options = { port: 0, host: '127.0.0.1', pages: 10 }
const inject = (url: string, fault: object) =>
  fetch(`${url}/sandbox/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fault),
  })

describe('a sandbox on a port', () => {
  it('answers, breaks connections off, goes on, and closes', async () => {
    const { url, close } = await startSandbox(options)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch(url)).status).toBe(200)
    await inject(url, { kind: 'reset', match: { route: '/me' } })
    await expect(fetch(`${url}/me`)).rejects.toThrow('fetch failed')
    await inject(url, { kind: 'slow', delayMs: 20, match: { route: '/me' } })
    expect(await (await fetch(`${url}/me`)).json()).toEqual({ code: 401, message: 'Unauthorized' })
    await inject(url, { kind: 'truncate', match: { route: '/me' } })
    await expect((await fetch(`${url}/me`)).json()).rejects.toThrow()
    await close()
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('says which port is taken, and what to set', async () => {
    const first = await startSandbox(options)
    const port = Number(new URL(first.url).port)
    await expect(startSandbox({ ...options, port })).rejects.toThrow(new RegExp(`127\\.0\\.0\\.1:${port}: .*Set PORT`))
    await first.close()
  })
})

describe('the environment', () => {
  it('has defaults', () => {
    expect(parseSandboxEnv({})).toEqual({
      ok: true,
      options: { port: 8100, host: '127.0.0.1', pages: 200, spaces: 6, latencyMs: 0, seed: 1 },
    })
  })

  it('is read', () => {
    const env = {
      PORT: '0',
      HOST: '::1',
      SANDBOX_PAGES: '2000',
      SANDBOX_SPACES: '9',
      SANDBOX_CONTENT: '/srv/pages',
      SANDBOX_LATENCY_MS: '250',
      SANDBOX_SEED: '7',
      SANDBOX_REDIRECT_URIS: 'https://a.example/cb, https://b.example/cb',
    }
    expect(parseSandboxEnv(env)).toEqual({
      ok: true,
      options: {
        port: 0,
        host: '::1',
        pages: 2000,
        spaces: 9,
        content: '/srv/pages',
        latencyMs: 250,
        seed: 7,
        redirectUris: ['https://a.example/cb', 'https://b.example/cb'],
      },
    })
  })

  it('reports every problem at once, with what to set', () => {
    const read = parseSandboxEnv({
      PORT: '80x',
      SANDBOX_PAGES: '-1',
      SANDBOX_SPACES: '0',
      SANDBOX_SEED: '1.5',
      SANDBOX_REDIRECT_URIS: 'here',
    })
    expect(read).toEqual({
      ok: false,
      problems: [
        'PORT is "80x". Set it to the port to listen on, 0 for any free one: a whole number from 0 to 65535, or leave it out for 8100.',
        expect.stringContaining('SANDBOX_PAGES is "-1"'),
        expect.stringContaining('SANDBOX_SPACES is "0"'),
        expect.stringContaining('SANDBOX_SEED is "1.5"'),
        expect.stringContaining('SANDBOX_REDIRECT_URIS holds "here"'),
      ],
    })
  })
})
