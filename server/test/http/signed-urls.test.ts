import { describe, expect, it } from 'vitest'
import { createSignedUrls } from '../../src/http/signed-urls.ts'
import { createKeyring } from '../../src/oauth/encryption.ts'

let now = 1_000_000_000_000
const keyring = createKeyring([{ id: 'k', key: Buffer.alloc(32, 1) }])
const urls = createSignedUrls(keyring, 'https://c.example.com', () => now)
const queryOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

describe('createSignedUrls', () => {
  it('verifies what it signed, until it expires', () => {
    const url = urls.sign(7, 'html', 60)
    expect(url).toMatch(/^https:\/\/c\.example\.com\/files\/7\.html\?/)
    expect(urls.verify(7, 'html', queryOf(url))).toBe('ok')
    now += 61_000
    expect(urls.verify(7, 'html', queryOf(url))).toBe('expired')
  })

  it('refuses another file, another form, a later expiry and nothing at all', () => {
    const query = queryOf(urls.sign(7, 'html', 60))
    expect(urls.verify(8, 'html', query)).toBe('invalid')
    expect(urls.verify(7, 'txt', query)).toBe('invalid')
    expect(urls.verify(7, 'html', { ...query, expires: String(Number(query.expires) + 1) })).toBe('invalid')
    expect(urls.verify(7, 'html', {})).toBe('invalid')
  })

  it('still honours a key that was rotated out of first place', () => {
    const query = queryOf(urls.sign(7, 'txt', 60))
    const rotated = createKeyring([
      { id: 'n', key: Buffer.alloc(32, 2) },
      { id: 'k', key: Buffer.alloc(32, 1) },
    ])
    expect(createSignedUrls(rotated, 'https://c.example.com', () => now).verify(7, 'txt', query)).toBe('ok')
  })
})
