import type { Keyring } from '../oauth/encryption.ts'

const context = (webhookId: number) => `webhook/${webhookId}/signing-key`

export const sealKey = (keyring: Keyring, webhookId: number, key: string): string =>
  keyring.seal(key, context(webhookId))

/** Undefined when the ring no longer holds the key that it was sealed with. */
export function openKey(keyring: Keyring, webhookId: number, sealed: string): string | undefined {
  try {
    return keyring.open(sealed, context(webhookId))
  } catch {
    return undefined
  }
}
