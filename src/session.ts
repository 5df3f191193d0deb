/** What a reload must not lose of a flow. It holds no secret: that is only ever in memory. */
export interface FlowRecord {
  flowId: string
  requestId: string | null
  /** Whether the person was looking at it. */
  open: boolean
  /** Which of the host's callbacks were told of this flow already. */
  told: ('ADD' | 'UPDATE' | 'ERROR')[]
  /** It was begun in another window, which goes on with it. */
  elsewhere?: boolean
}

// A flow belongs to one component at a time, however many are on the page.
const owned = new Set<string>()

/** The place of one backend's flow in this tab. Where storage is not allowed, nothing survives a reload, and nothing breaks. */
export function createSession(scope: string) {
  const key = `confluence-connect:${scope}`

  const read = (): FlowRecord | null => {
    try {
      const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null')
      return typeof value === 'object' && value !== null && 'flowId' in value ? (value as FlowRecord) : null
    } catch {
      return null
    }
  }

  return {
    save(record: FlowRecord) {
      owned.add(record.flowId)
      try {
        sessionStorage.setItem(key, JSON.stringify(record))
      } catch {}
    },
    /**
     * The flow that was going on, unless another component on the page has it.
     *
     * @param returned the flow that the browser came back with; where this tab knows nothing of it, another one does
     */
    resume(returned?: string): FlowRecord | null {
      const stored = read()
      const known = returned === undefined || stored?.flowId === returned
      const record = known ? stored : { flowId: returned, requestId: null, open: true, told: [], elsewhere: true }
      if (!record || owned.has(record.flowId)) return null
      owned.add(record.flowId)
      return record
    },
    /** Lets another component, or this one after it is mounted again, resume the flow. */
    release(flowId: string) {
      owned.delete(flowId)
    },
    forget(flowId: string) {
      owned.delete(flowId)
      try {
        if (read()?.flowId === flowId) sessionStorage.removeItem(key)
      } catch {}
    },
  }
}
