import type { ConnectionRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { type Activity, activityOf } from '../sync/activity.ts'

/** Words in which moments stand, so that each browser can show them in its own time zone. */
export type Words = (string | { at: string })[]

/** What the page says of the connection. All of its words are made here, so that the page and its script cannot differ. */
export interface SyncPageState {
  /** How the line between the two tiles is drawn. */
  line: 'connected' | 'syncing' | 'waiting' | 'broken'
  title: string
  text: Words
  /** What is synced already, and since when. */
  facts: Words
  /** Null while nothing runs; without a `max` while nobody knows it. */
  progress: { value: number; max: number | null } | null
  running: Activity['running']
  isReading: boolean
  /** False when the connection has ended: nothing can be synced. */
  isActive: boolean
  /** Whether the tree was read to its end at least once. */
  isTreeRead: boolean
  /** Whether the last sync ended early. */
  hasFailed: boolean
  spaces: number
  pages: number
}

/** Shorter waits pass before anybody could wonder. */
const WORTH_TELLING_MS = 30_000

const number = (value: number) => value.toLocaleString('en')

/** "1 page", "2 pages". */
export const counted = (count: number, one: string) => `${number(count)} ${one}${count === 1 ? '' : 's'}`

type Said = Pick<SyncPageState, 'line' | 'title' | 'text' | 'progress'>

const ended: Record<Exclude<ConnectionRow['status'], 'active'>, (organization: string, host: string) => Said> = {
  disconnected: (organization, host) => ({
    line: 'broken',
    title: 'Confluence is disconnected',
    text: [`${host} is no longer connected. To sync again, go back to ${organization} and connect Confluence.`],
    progress: null,
  }),
  reconnect_needed: (organization, host) => ({
    line: 'broken',
    title: 'Confluence must be connected again',
    text: [
      `Atlassian ended the access to ${host}. Go back to ${organization} and connect Confluence again. The pages synced so far are kept.`,
    ],
    progress: null,
  }),
}

const failures: Record<string, (organization: string) => string> = {
  scope_missing: (organization) =>
    `The sign-in does not allow reading pages. Go back to ${organization}, connect Confluence again and accept all permissions.`,
  no_confluence_access: () =>
    'Atlassian does not let this account into Confluence on this site. Ask a Confluence admin for access, then sync again.',
  provider_unavailable: () => 'Atlassian did not answer. The pages synced so far are kept; sync again later.',
}
const failed = (code: string, organization: string) =>
  failures[code]?.(organization) ??
  `The pages synced so far are kept. Sync again; if it stays so, tell ${organization}.`

/** What is being done, and how far it has come. */
function atWork(activity: Activity & { running: 'all' | 'files' | 'items' }, organization: string): Said {
  const { running, pages, rateLimitedUntil } = activity
  const soFar =
    pages.total !== null && pages.total > 0
      ? `${number(pages.done)} of ${pages.isEstimate ? 'about ' : ''}${counted(pages.total, 'page')}. `
      : pages.done > 0
        ? `${counted(pages.done, 'page')} so far. `
        : ''
  if (rateLimitedUntil && rateLimitedUntil.getTime() - Date.now() > WORTH_TELLING_MS)
    return {
      line: 'waiting',
      title: 'Atlassian asked to wait',
      text: [
        `${soFar}Syncing goes on by itself at `,
        { at: rateLimitedUntil.toISOString() },
        '; you can close this page.',
      ],
      // What stands still must not look as if it moved.
      progress: pages.total ? { value: pages.done, max: pages.total } : null,
    }
  return {
    line: 'syncing',
    ...works[running](organization, soFar),
    progress: { value: pages.done, max: pages.total || null },
  }
}

const works: Record<
  'all' | 'files' | 'items',
  (organization: string, soFar: string) => Pick<SyncPageState, 'title' | 'text'>
> = {
  all: (organization, soFar) => ({
    title: `All pages are being synced to ${organization}`,
    text: [`${soFar}You can close this page.`],
  }),
  files: (organization, soFar) => ({
    title: `The chosen pages are being synced to ${organization}`,
    text: [`${soFar}You can close this page.`],
  }),
  items: (_, soFar) => ({
    title: 'Confluence is being read',
    text: [`${soFar}Only titles are read, so that you can choose.`],
  }),
}

/** Everything above the picker. */
export async function syncPageState(
  { db, config: { organizationName: organization } }: Pick<Services, 'db' | 'config'>,
  connection: Pick<ConnectionRow, 'id' | 'status' | 'site_host' | 'source_items_synced_at'>,
): Promise<SyncPageState> {
  const { id, status, site_host: host } = connection
  const activity = await activityOf(db, id)
  const stored = await db
    .selectFrom('pages')
    .select((eb) => [eb.fn.countAll<string>().as('count'), eb.fn.max('synced_at').as('last')])
    .where('connection_id', '=', id)
    .where('synced_at', 'is not', null)
    .executeTakeFirstOrThrow()
  const tree = await db
    .selectFrom('items')
    .select(['type', (eb) => eb.fn.countAll<string>().as('count')])
    .where('connection_id', '=', id)
    .groupBy('type')
    .execute()
  const inTree = (type: 'SPACE' | 'PAGE') => Number(tree.find((row) => row.type === type)?.count ?? 0)

  function say(): Said {
    if (status !== 'active') return ended[status](organization, host)
    const { running, failure } = activity
    if (running) return atWork({ ...activity, running }, organization)
    if (failure)
      return {
        line: 'broken',
        title: 'The last sync stopped early',
        text: [failed(failure, organization)],
        progress: null,
      }
    return {
      line: 'connected',
      title: `Choose what to sync to ${organization}`,
      text: ['Pick spaces and pages below, or sync everything.'],
      progress: null,
    }
  }
  return {
    ...say(),
    facts: stored.last
      ? [`${counted(Number(stored.count), 'page')} synced, last sync `, { at: new Date(stored.last).toISOString() }]
      : ['No pages synced yet'],
    running: activity.running,
    isReading: activity.isReading,
    isActive: status === 'active',
    isTreeRead: connection.source_items_synced_at !== null,
    hasFailed: activity.failure !== null,
    spaces: inTree('SPACE'),
    pages: inTree('PAGE'),
  }
}
