// What the page and the backend of the demo say to each other.

/** Someone who uses Acme Notes. */
export interface Visitor {
  id: string
  name: string
}

export interface Session {
  visitor: Visitor
  /** Everyone as whom one can sign in: a real app has a sign-in form instead. */
  visitors: Visitor[]
  /** Where browsers reach the confluence-connect-server. */
  confluenceConnectUrl: string
}

/** A Confluence that was connected. */
export interface Source {
  id: number
  site: string
  account: string
  status: 'QUEUED_FOR_SYNCING' | 'SYNCING' | 'READY' | 'SYNC_ERROR'
}

export interface PageSummary {
  id: number
  title: string
  /** When it was last changed in Confluence, ISO 8601. */
  updatedAt: string
  failed: boolean
}

export interface PageList {
  /** The first ones, by title. */
  pages: PageSummary[]
  /** How many there are. */
  count: number
  sources: Source[]
}

export interface Page extends PageSummary {
  /** Its address in Confluence. */
  url: string
  /** Null where the page could not be converted; `problem` says why. */
  html: string | null
  text: string | null
  problem: string | null
}

export interface ApiError {
  error: { code: string; message: string }
}
