import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** A key of the ring: 32 bytes and the id under which ciphertexts name it. */
export interface EncryptionKey {
  id: string
  key: Buffer
}

/** Encrypts secrets at rest, and derives the keys that sign what leaves the server. */
export interface Keyring {
  /** AES-256-GCM under the newest key: `id.base64url(nonce | ciphertext | tag)`. `context` binds it to its place. */
  seal(plaintext: string, context: string): string
  /** The plaintext. Throws if the key is missing, the context differs or a byte was changed. */
  open(sealed: string, context: string): string
  /** Signing keys for one purpose, newest first, each with the id of the key it comes from. */
  derive(purpose: string): EncryptionKey[]
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * @param keys newest first; all can open, the first seals
 * @see NIST SP 800-38D for GCM, RFC 5869 for HKDF
 */
export function createKeyring(keys: readonly EncryptionKey[]): Keyring {
  const [newest] = keys
  if (!newest) throw new TypeError('A keyring needs at least one key: set ENCRYPTION_KEYS.')
  return {
    seal(plaintext, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce).setAAD(Buffer.from(context))
      const body = Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${newest.id}.${body.toString('base64url')}`
    },
    open(sealed, context) {
      const dot = sealed.indexOf('.')
      const id = sealed.slice(0, dot)
      const key = keys.find((candidate) => candidate.id === id)?.key
      if (!key)
        throw new Error(
          `A stored secret was encrypted with the key "${id}", which ENCRYPTION_KEYS no longer holds: add that key back.`,
        )
      const body = Buffer.from(sealed.slice(dot + 1), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(context))
      decipher.setAuthTag(body.subarray(-TAG_BYTES))
      return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')
    },
    derive: (purpose) =>
      keys.map(({ id, key }) => ({
        id,
        key: Buffer.from(hkdfSync('sha256', key, '', `confluence-connect/${purpose}`, 32)),
      })),
  }
}

/** SHA-256 in hex: how values with full entropy (API keys, states, flow secrets) are stored. */
export const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex')

/** 256 random bits, safe in URLs and cookies. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

/** Compares without telling by its duration where two strings differ. */
export const equalInConstantTime = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
