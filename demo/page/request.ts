import type { ApiError } from '../api.ts'

const timeoutMs = 30_000

/**
 * Calls the backend of Acme Notes.
 *
 * @throws Error with a message for the person; the signal's reason where it was aborted
 */
export async function request<T>(path: string, { signal, body }: { signal?: AbortSignal; body?: object } = {}) {
  const timeout = AbortSignal.timeout(timeoutMs)
  let response: Response
  try {
    response = await fetch(path, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  } catch (cause) {
    signal?.throwIfAborted()
    throw new Error('Acme Notes does not answer. Is it still running?', { cause })
  }
  if (response.status === 204) return undefined as T
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok && answer !== null) return answer as T
  const error = (answer as ApiError | null)?.error
  throw new Error(error?.message ?? `Acme Notes answered with status ${response.status}.`)
}
