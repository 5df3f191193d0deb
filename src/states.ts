import type { Backend } from './backend.ts'
import type { Connection, PageAction, PageSelection, SyncInput } from './contract.ts'
import type { ConnectError } from './errors.ts'
import type { View } from './flow.ts'

/** What the hooks of `confluence-connect/lists` read from. Opaque: pass it on. */
export interface ListSource {
  readonly backend: Backend
  /** What is known already. Of a kind that may change. */
  readonly queries: object
  /** How often what changes by itself is asked for, in milliseconds. */
  readonly pollMs: number
}

/** Ending the access to the connection that is shown. */
export interface DisconnectAction {
  /** Ends the access; pages and tokens go. */
  disconnect(): void
  /** Whether it is under way, or why it did not succeed. It may be repeated. */
  disconnecting: boolean | ConnectError
}

/**
 * Leaving the view for the one before it; null where there is none. A sync goes on without it: that it is through is told while the
 * accounts are shown.
 */
export interface BackAction {
  back: (() => void) | null
}

/** What leads on from a connection. Null where the host has switched it off. */
export interface ConnectionLinks {
  /** Shows the pages that are synced. */
  pages: (() => void) | null
  /** Picks what to sync. */
  pick: (() => void) | null
}

/**
 * What can be done in each view. Actions that open the sign-in window must be called in a click. Those that return a promise
 * reject with a `ConnectError`, and may be repeated then.
 */
export interface ConnectActions {
  opening: unknown
  integrations: BackAction & {
    /** Goes on with Confluence, or calls `onSelect` of the host's integration. */
    choose(id: string): void
  }
  enter: BackAction & {
    /** Starts the sign-in for what was entered; an input that is no site becomes `problem`. */
    start(site: string): void
    /** Shows an existing connection. */
    show(connection: Connection): void
  }
  resuming: {
    /** Gives the sign-in up. */
    cancel(): void
  }
  blocked: {
    /** Where a real link has to lead: `<a href={signInUrl} target="_blank" rel="opener">`. */
    signInUrl: string
    /** Signs in in this tab instead, which comes back afterwards. Null where that cannot be, such as in a frame. */
    continueHere: (() => void) | null
    /** Gives the sign-in up. */
    cancel(): void
  }
  waiting: {
    /** Brings the sign-in window to the front. */
    focus(): void
    /** Starts over in a new window. */
    reopen(): void
    /** Gives the sign-in up. */
    cancel(): void
  }
  choosing: {
    /** Connects one of `sites`. */
    confirm(cloudId: string): void
    /** Gives the sign-in up. */
    cancel(): void
  }
  syncing: DisconnectAction &
    BackAction &
    ConnectionLinks & {
      /** Back to the first view, to connect another site. The sync goes on; what it ends in is told no more. */
      restart(): void
    }
  synced: DisconnectAction &
    BackAction &
    ConnectionLinks & {
      /** Back to the first view, to connect another site. */
      restart(): void
    }
  stopped: BackAction &
    ConnectionLinks & {
      /** Syncs once more or, where Atlassian ended the access, starts a sign-in for the same site. */
      retry(): void
      /** Back to the first view, to connect another site. */
      restart(): void
    }
  disconnected: BackAction & {
    /** Back to the first view, to connect a site. */
    restart(): void
  }
  accounts: BackAction & {
    /** For `useAccountProgress`. */
    source: ListSource
    /** Connects another site or another person's account. */
    add(): void
    /** Shows how far the sync of one has come. */
    show(connection: Connection): void
    /** Starts a sign-in for its site. */
    reconnect(connection: Connection): void
    /** Syncs all of it once more. */
    sync(connection: Connection): Promise<void>
    /** Stops its sync. What has arrived stays. */
    cancelSync(connection: Connection): Promise<void>
    /** Ends the access to it; its pages and tokens go. */
    disconnect(connection: Connection): Promise<void>
    /** Picks what to sync. Null where the host has switched it off. */
    pick: ((connection: Connection) => void) | null
    /** Shows the pages that are synced. Null where the host has switched it off. */
    pages: ((connection: Connection) => void) | null
  }
  picker: BackAction & {
    /** For `usePagePicker`. */
    source: ListSource
    /** Syncs what was picked and shows how far it has come. Without spaces and pages, everything. */
    sync(input: Pick<SyncInput, 'spaces' | 'pages'>): Promise<void>
    /** Reads the tree of spaces and pages anew. */
    refresh(): Promise<void>
  }
  pages: BackAction & {
    /** For `useSyncedPages`. */
    source: ListSource
    /** The columns to show, in this order. */
    columns: readonly PageColumn[]
    /** Picks what to sync. Null where the host has switched it off. */
    pick: (() => void) | null
    /** Fetches pages again. */
    resync(selection: PageSelection): Promise<PageAction>
    /** Deletes pages here; in Confluence nothing changes. */
    remove(selection: PageSelection): Promise<PageAction>
  }
  failed: {
    /** Tries again: asks the server once more, or starts a new sign-in for the same site. */
    retry(): void
    /** Back to the first view, with the site that was entered. */
    edit(): void
    /** Back to the first view. */
    restart(): void
  }
}

/** A column of the synced pages, by Carbon's names. */
export type PageColumn = 'name' | 'status' | 'created_at' | 'updated_at' | 'external_url'

/** Where the person is, what there is to show, and what can be done now. Switch on `name`. */
export type ConnectState = {
  [Name in View['name']]: Extract<View, { name: Name }> & ConnectActions[Name]
}[View['name']]

/** One of the states, by its name. */
export type StateOf<Name extends ConnectState['name']> = Extract<ConnectState, { name: Name }>
