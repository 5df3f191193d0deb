import { jwtVerify, SignJWT } from 'jose'
import type { Keyring } from './encryption.ts'

/** How long an access token works, in seconds. Ten hours, as Carbon's did. */
const ACCESS_TOKEN_SECONDS = 10 * 60 * 60

/** Issues and checks the tokens that name one user to the browser. They hold no secret and need no table. */
export interface AccessTokens {
  issue(userId: number): Promise<string>
  /** The user's id; undefined when the token is expired, forged or not ours. */
  verify(token: string): Promise<number | undefined>
}

export function createAccessTokens(keyring: Keyring): AccessTokens {
  const keys = keyring.derive('access-token')
  const [newest] = keys
  if (!newest) throw new TypeError('The keyring is empty.')
  return {
    issue: (userId) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256', kid: newest.id })
        .setSubject(String(userId))
        .setAudience('confluence-connect')
        .setIssuedAt()
        .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
        .sign(newest.key),
    async verify(token) {
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const found = keys.find((candidate) => candidate.id === kid)
            if (!found) throw new Error('unknown key')
            return found.key
          },
          { algorithms: ['HS256'], audience: 'confluence-connect', requiredClaims: ['exp', 'sub'] },
        )
        return Number(payload.sub)
      } catch {
        return undefined
      }
    },
  }
}
