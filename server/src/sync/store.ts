import { setImmediate as nextTick } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { ConfluencePage, SpaceRow } from '../confluence/types.ts'
import { CONVERTER_VERSION, convertStorage } from '../content/index.ts'
import type { ConnectionRow, NewPage, Schema, SyncRow } from '../db/schema.ts'

type Trx = Transaction<Schema>

/** Pages converted before the event loop gets a turn. */
const BATCH = 10
/** Rows of one insert: PostgreSQL takes 65,535 parameters. */
const ROWS = 100

/** PostgreSQL refuses U+0000 in text, and Confluence lets it through. */
const withoutNul = (text: string) => text.replaceAll('\0', '')

export interface PageContext {
  connection: Pick<ConnectionRow, 'id' | 'organization_id' | 'user_id' | 'sync_options' | 'site_host'>
  sync: Pick<SyncRow, 'request_id' | 'upload_id'>
  /** The site's base for links, `https://acme.atlassian.net/wiki`. */
  baseUrl: string
  /** Space keys by space id. */
  spaceKeys: ReadonlyMap<string, string>
  /** The converter; ours unless given. */
  convert?: typeof convertStorage
}

/** Converts the pages of one response into rows. A page that cannot be converted is kept raw and marked. */
export async function toRows(pages: ConfluencePage[], context: PageContext): Promise<NewPage[]> {
  const rows: NewPage[] = []
  for (const [index, page] of pages.entries()) {
    rows.push(toRow(page, context))
    if (index % BATCH === BATCH - 1) await nextTick()
  }
  return rows
}

function toRow(
  page: ConfluencePage,
  { connection, sync, baseUrl, spaceKeys, convert = convertStorage }: PageContext,
): NewPage {
  const storage = withoutNul(page.body?.storage?.value ?? '')
  const title = withoutNul(page.title)
  const spaceKey = spaceKeys.get(page.spaceId)
  return {
    organization_id: connection.organization_id,
    user_id: connection.user_id,
    connection_id: connection.id,
    page_id: page.id,
    space_id: page.spaceId,
    parent_id: page.parentId ?? null,
    parent_type: page.parentType ?? null,
    title,
    url: baseUrl + (page._links?.webui ?? `/pages/viewpage.action?pageId=${encodeURIComponent(page.id)}`),
    status: page.status,
    version: page.version.number,
    storage,
    converter_version: CONVERTER_VERSION,
    ...content(convert, storage, { baseUrl, pageId: page.id, title, ...(spaceKey !== undefined && { spaceKey }) }),
    tags: JSON.stringify(connection.sync_options.tags ?? {}),
    request_id: sync.request_id,
    upload_id: sync.upload_id,
    source_created_at: page.createdAt,
    source_updated_at: page.version.createdAt,
  }
}

type Content = Pick<NewPage, 'html' | 'text' | 'sync_status' | 'sync_error_message'>

function content(convert: typeof convertStorage, ...page: Parameters<typeof convertStorage>): Content {
  try {
    const { html, text } = convert(...page)
    return { html: withoutNul(html), text: withoutNul(text), sync_status: 'READY', sync_error_message: null }
  } catch {
    // The reason may quote the page, so it is not repeated; the raw body is stored and the converter can be run on it.
    return {
      html: null,
      text: null,
      sync_status: 'SYNC_ERROR',
      sync_error_message:
        'The page was fetched but could not be converted. It is tried again with the next version of the page or of the converter.',
    }
  }
}

/** Writes pages: new ones, and those whose version, place or title changed. */
export async function storePages(trx: Trx, rows: NewPage[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS) {
    await trx
      .insertInto('pages')
      .values(rows.slice(start, start + ROWS))
      .onConflict((conflict) =>
        conflict
          .columns(['connection_id', 'page_id'])
          .doUpdateSet((eb) => ({
            space_id: eb.ref('excluded.space_id'),
            parent_id: eb.ref('excluded.parent_id'),
            parent_type: eb.ref('excluded.parent_type'),
            title: eb.ref('excluded.title'),
            url: eb.ref('excluded.url'),
            status: eb.ref('excluded.status'),
            version: eb.ref('excluded.version'),
            storage: eb.ref('excluded.storage'),
            html: eb.ref('excluded.html'),
            text: eb.ref('excluded.text'),
            converter_version: eb.ref('excluded.converter_version'),
            sync_status: eb.ref('excluded.sync_status'),
            sync_error_message: eb.ref('excluded.sync_error_message'),
            tags: eb.ref('excluded.tags'),
            request_id: eb.ref('excluded.request_id'),
            upload_id: eb.ref('excluded.upload_id'),
            source_updated_at: eb.ref('excluded.source_updated_at'),
            synced_at: eb.ref('excluded.synced_at'),
            updated_at: eb.ref('excluded.updated_at'),
          }))
          // An answer that was overtaken by a newer one must not win.
          .where('pages.version', '<=', (eb) => eb.ref('excluded.version')),
      )
      .execute()
  }
}

/** Writes the spaces of a connection. */
export async function storeSpaces(trx: Trx, connectionId: number, spaces: SpaceRow[], baseUrl: string): Promise<void> {
  for (let start = 0; start < spaces.length; start += ROWS) {
    await trx
      .insertInto('spaces')
      .values(
        spaces.slice(start, start + ROWS).map((space) => ({
          connection_id: connectionId,
          space_id: space.id,
          key: withoutNul(space.key),
          name: withoutNul(space.name),
          type: space.type ?? null,
          status: space.status,
          homepage_id: space.homepageId ?? null,
          url: baseUrl + (space._links?.webui ?? `/spaces/${encodeURIComponent(space.key)}`),
          updated_at: new Date(),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['connection_id', 'space_id']).doUpdateSet((eb) => ({
          key: eb.ref('excluded.key'),
          name: eb.ref('excluded.name'),
          type: eb.ref('excluded.type'),
          status: eb.ref('excluded.status'),
          homepage_id: eb.ref('excluded.homepage_id'),
          url: eb.ref('excluded.url'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute()
  }
}
