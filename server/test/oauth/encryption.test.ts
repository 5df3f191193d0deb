import { describe, expect, it } from 'vitest'
import { createKeyring } from '../../src/oauth/encryption.ts'

const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) })

describe('createKeyring', () => {
  const keyring = createKeyring([key('new', 1), key('old', 2)])

  it('opens what it sealed, and seals differently each time', () => {
    const [a, b] = [keyring.seal('a refresh token ✓', 'here'), keyring.seal('a refresh token ✓', 'here')]
    expect(keyring.open(a, 'here')).toBe('a refresh token ✓')
    expect(a).not.toBe(b)
    expect(a).toMatch(/^new\./)
  })

  it('opens what an older key sealed', () => {
    const sealed = createKeyring([key('old', 2)]).seal('secret', 'here')
    expect(keyring.open(sealed, 'here')).toBe('secret')
  })

  it('refuses a secret that was moved to another place', () => {
    expect(() => keyring.open(keyring.seal('secret', 'connection/1'), 'connection/2')).toThrow()
  })

  it('refuses every changed byte', () => {
    const sealed = keyring.seal('s', 'here')
    const bytes = Buffer.from(sealed.slice(4), 'base64url')
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(() => keyring.open(`new.${changed.toString('base64url')}`, 'here')).toThrow()
    }
  })

  it('names the key that is missing', () => {
    const sealed = createKeyring([key('lost', 3)]).seal('secret', 'here')
    expect(() => keyring.open(sealed, 'here')).toThrow(/"lost".*ENCRYPTION_KEYS/)
  })

  it('derives other keys for other purposes', () => {
    const [a, b] = [keyring.derive('a'), keyring.derive('b')]
    expect(a.map(({ id }) => id)).toEqual(['new', 'old'])
    expect(a[0]?.key.equals(b[0]?.key ?? Buffer.of())).toBe(false)
  })
})
