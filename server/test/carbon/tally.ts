import { checkAnswer, checkRefusal } from './contract.ts'
import { type Operation, operations } from './document.ts'
import { MARKER } from './hostile-values.ts'
import type { Sent } from './send.ts'
import type { WireRequest } from './transport.ts'

/** The server's answer to paths that it does not have. */
const NO_SUCH_PATH = 'There is no such path.'
const MAX_KEPT = 40

/** What the document allows and this server refuses all the same, for good reasons. */
const expiry = /"presigned_url_expiry_time_seconds"\],"msg":"Too small/
const refusals: Record<string, RegExp> = {
  'POST /user_files': expiry,
  'POST /user_files_v2': expiry,
  'POST /integrations/files/sync': /Confluence ids are digits|"ids",\d+\],"msg":"Invalid input"/,
  'POST /integrations/confluence/sync': /Confluence ids are digits|"ids",\d+\],"msg":"Invalid input"/,
  'POST /white_label/create': /expected array to have >=1 items/,
}

/** What an error says, without the place: FastAPI's `loc` names the caller's keys, and so may this server. */
function said(status: number, body: string): string {
  if (status !== 422) return body
  const { detail } = JSON.parse(body) as { detail: { msg: string; type: string }[] }
  return detail.map(({ msg, type }) => `${msg} ${type}`).join('\n')
}

/** What is wrong with an answer; empty when nothing is. */
export function problems(request: WireRequest, sent: Sent, mayBeUnavailable: boolean): string[] {
  if (!sent.ok) return [sent.reason]
  const { method, path } = request
  const { status, body } = sent
  const found = status >= 500 && !(status === 503 && mayBeUnavailable) ? [`status ${status}`] : []
  // Preflights are answered by CORS, and HEAD has no body: both are no operations of Carbon's.
  if (method === 'OPTIONS' || method === 'HEAD') return found
  const answer = { ...sent, method, path }
  const violations = checkAnswer(answer)?.violations ?? checkRefusal(answer)
  if (violations.length > 0) return [...found, ...violations]
  return status >= 400 && said(status, body).includes(MARKER) ? [...found, 'the error repeats what was sent'] : found
}

const cut = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length)}… (${text.length} characters)` : text

const describe = (request: WireRequest, sent: Sent) =>
  [
    `  ${request.method} ${cut(request.path, 200)} ${cut(JSON.stringify(request.headers), 300)}`,
    `  ${cut(request.body?.toString() ?? '', 1_500)}`,
    `  → ${sent.ok ? `${sent.status} ${cut(sent.body, 500)}` : sent.reason}`,
  ].join('\n')

/** Counts answers and keeps the first wrong ones. */
export class Tally {
  readonly #counts = new Map<Operation, Map<number, number>>()
  readonly #existing = new Set<Operation>()
  readonly #failures: string[] = []
  readonly #refused: string[] = []
  #failed = 0

  add(request: WireRequest, sent: Sent, found: string[]) {
    const statuses = this.#counts.get(request.operation) ?? new Map<number, number>()
    this.#counts.set(request.operation, statuses)
    const status = sent.ok ? sent.status : 0
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (request.kind === 'valid' && !(sent.ok && sent.body.includes(NO_SUCH_PATH)))
      this.#existing.add(request.operation)
    const isRefused = request.kind === 'valid' && sent.ok && status === 422
    if (isRefused && !refusals[request.operation.name]?.test(sent.body) && this.#refused.length < MAX_KEPT)
      this.#refused.push(`${request.operation.name}\n${describe(request, sent)}`)
    if (found.length === 0) return
    this.#failed += 1
    if (this.#failures.length < MAX_KEPT)
      this.#failures.push(`${request.operation.name}, ${request.kind}: ${found.join('; ')}\n${describe(request, sent)}`)
  }

  get total() {
    return [...this.#counts.values()]
      .flatMap((statuses) => [...statuses.values()])
      .reduce((sum, count) => sum + count, 0)
  }

  /** Operations that the server does not have. */
  get missing() {
    return operations.filter((operation) => !this.#existing.has(operation)).map(({ name }) => name)
  }

  /** Operations that never answered 200. */
  get unsuccessful() {
    return operations.filter((operation) => !this.#counts.get(operation)?.has(200)).map(({ name }) => name)
  }

  /** Requests that the document allows and the server refused. */
  get refused() {
    return this.#refused
  }

  /** @throws Error with the first failures */
  assertClean(hint: string) {
    if (this.#failed > 0)
      throw new Error(`${hint}: ${this.#failed} answers are wrong.\n\n${this.#failures.join('\n\n')}`)
  }

  /** Statuses of each operation, for people. */
  toString() {
    const lines = [...this.#counts].map(([{ name }, statuses]) => {
      const parts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}×${count}`)
      return `${name}: ${parts.join(' ')}`
    })
    return `${lines.sort().join('\n')}\n${this.total} requests`
  }
}
