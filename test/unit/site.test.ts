import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSite } from '../../src/index.ts'

describe('parseSite', () => {
  it.each([
    ['acme', 'acme.atlassian.net'],
    ['1984', '1984.atlassian.net'],
    ['ACME', 'acme.atlassian.net'],
    ['  acme \n', 'acme.atlassian.net'],
    ['a', 'a.atlassian.net'],
    ['acme-2', 'acme-2.atlassian.net'],
    ['acme.atlassian.net', 'acme.atlassian.net'],
    ['Acme.Atlassian.Net.', 'acme.atlassian.net'],
    ['www.acme.atlassian.net', 'acme.atlassian.net'],
    ['acme.atlassian.net/wiki', 'acme.atlassian.net'],
    ['acme/wiki/spaces/X', 'acme.atlassian.net'],
    ['https://acme.atlassian.net/wiki/spaces/X/pages/1/Title?focused=1#part', 'acme.atlassian.net'],
    ['http://acme.atlassian.net:443/wiki', 'acme.atlassian.net'],
    ['HTTPS://ACME.ATLASSIAN.NET', 'acme.atlassian.net'],
    ['https://jane:secret@acme.atlassian.net/', 'acme.atlassian.net'],
    ['acme.jira.com', 'acme.jira.com'],
    ['https://acme.confluence.com', 'acme.atlassian.net'],
  ])('reads %j', (input, host) => {
    expect(parseSite(input)).toEqual({ ok: true, host })
  })

  it.each([
    ['', { kind: 'empty' }],
    [' \t ', { kind: 'empty' }],
    ['jane@acme.com', { kind: 'email' }],
    ['ac me', { kind: 'malformed', input: 'ac me' }],
    ['-acme', { kind: 'malformed', input: '-acme' }],
    ['acme_', { kind: 'malformed', input: 'acme_' }],
    ['javascript:alert(1)', { kind: 'malformed', input: 'javascript:alert(1)' }],
    ['https://', { kind: 'malformed', input: 'https://' }],
    ['127.0.0.1', { kind: 'malformed', input: '127.0.0.1' }],
    ['a'.repeat(64), { kind: 'malformed', input: 'a'.repeat(60) }],
    [`https://acme.atlassian.net/${'x'.repeat(3000)}`, { kind: 'malformed' }],
    ['github.com/acme', { kind: 'foreign', host: 'github.com' }],
    ['https://www.github.com', { kind: 'foreign', host: 'github.com' }],
    ['atlassian.net', { kind: 'foreign', host: 'atlassian.net' }],
    ['id.atlassian.com', { kind: 'foreign', host: 'id.atlassian.com' }],
    ['acme.atlassian.net.evil.example', { kind: 'foreign', host: 'acme.atlassian.net.evil.example' }],
    ['a.b.atlassian.net', { kind: 'foreign', host: 'a.b.atlassian.net' }],
    ['https://evil.example/acme.atlassian.net', { kind: 'foreign', host: 'evil.example' }],
  ])('explains %j', (input, problem) => {
    expect(parseSite(input)).toMatchObject({ ok: false, problem })
  })

  it('finds a site in any link into it', () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
    fc.assert(
      fc.property(name, fc.webPath(), (site, path) => {
        expect(parseSite(`https://${site}.atlassian.net${path}`)).toEqual({ ok: true, host: `${site}.atlassian.net` })
      }),
    )
  })

  it('never throws, and never reads a host that is no host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (input) => {
        const site = parseSite(input)
        if (site.ok) expect(site.host).toMatch(/^[a-z0-9-]+\.(atlassian\.net|jira\.com)$/)
      }),
    )
  })
})
