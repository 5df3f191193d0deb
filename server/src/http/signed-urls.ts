import { createHmac } from 'node:crypto'
import type { ContentFormat } from '../files/content.ts'
import { equalInConstantTime, type Keyring } from '../oauth/encryption.ts'

/** What each form of a page is served as. */
export const contentFormats: Record<ContentFormat, string> = {
  html: 'text/html; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
}

/** URLs that give a page's content to whoever holds them, for a while: consumers fetch them without any header. */
export interface SignedUrls {
  sign(fileId: number, format: ContentFormat, lifeSeconds: number): string
  verify(
    fileId: number,
    format: ContentFormat,
    query: { expires?: string | undefined; signature?: string | undefined },
  ): 'ok' | 'expired' | 'invalid'
}

export function createSignedUrls(keyring: Keyring, publicUrl: string, now = Date.now): SignedUrls {
  const keys = keyring.derive('content-url')
  const [newest] = keys
  if (!newest) throw new TypeError('The keyring is empty.')
  const sign = (key: Buffer, fileId: number, format: ContentFormat, expires: number) =>
    createHmac('sha256', key).update(`${fileId}.${format}.${expires}`).digest('base64url')
  return {
    sign(fileId, format, lifeSeconds) {
      const expires = Math.floor(now() / 1000) + lifeSeconds
      return `${publicUrl}/files/${fileId}.${format}?expires=${expires}&signature=${sign(newest.key, fileId, format, expires)}`
    },
    verify(fileId, format, query) {
      const expires = Number(query.expires)
      const { signature } = query
      if (!signature || !Number.isSafeInteger(expires)) return 'invalid'
      if (!keys.some(({ key }) => equalInConstantTime(sign(key, fileId, format, expires), signature))) return 'invalid'
      return expires * 1000 > now() ? 'ok' : 'expired'
    },
  }
}
