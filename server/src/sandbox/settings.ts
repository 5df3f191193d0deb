/** What the admin API can switch while the sandbox runs. */
export interface Settings {
  /** Milliseconds that every request takes. */
  latencyMs: number
  /** Milliseconds more for each page or space in an answer. */
  latencyPerPageMs: number
  /** Whether answers are kept back until this is false again. */
  held: boolean
  /** `Cross-Origin-Opener-Policy` of the sign-in and consent pages; null for none. */
  coop: string | null
  /** What REST v2 says to an expired token: 401, or the bare 404 that some installations were seen to send. */
  expiredTokenStatus: 401 | 404
  /** The most rows of one answer, whatever `limit` asks for: a short list is not the end of it. */
  maxRows: number
}
