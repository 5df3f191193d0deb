import type { TokenFetcher } from './http.ts'

const timeoutMs = 20_000

/** Gets tokens from a route of the host's backend, which knows by its cookies who is signed in. */
export const tokenFetcherOf =
  (url: string): TokenFetcher =>
  async () => {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    })
    const problem = `The route in token-url answered with status ${response.status}.`
    // As if it had not been reached: who is signed in, it did not get to say.
    if (response.status >= 500) throw new TypeError(problem)
    if (!response.ok) throw new Error(problem)
    return response.json()
  }
