import { sql, type Transaction } from 'kysely'
import type { ConfluencePage, SpaceRow } from '../confluence/types.ts'
import type { ItemTable, Schema } from '../db/schema.ts'
import { nameSpaces } from './references.ts'
import { pageUrl, ROWS_PER_INSERT, withoutNul } from './rows.ts'

type Trx = Transaction<Schema>
type NewItem = Pick<
  ItemTable,
  'type' | 'external_id' | 'parent_external_id' | 'source_parent_id' | 'space_id' | 'space_key' | 'name' | 'url'
> & { source_created_at: string | null }

/** A space of the tree. */
const spaceItem = (space: SpaceRow, baseUrl: string): NewItem => ({
  type: 'SPACE',
  external_id: space.id,
  parent_external_id: null,
  source_parent_id: null,
  space_id: null,
  space_key: withoutNul(space.key),
  name: withoutNul(space.name),
  url: baseUrl + (space._links?.webui ?? `/spaces/${encodeURIComponent(space.key)}`),
  source_created_at: space.createdAt ?? null,
})

/** A page of the tree. Below a folder, a whiteboard or a database, which we may not read, it stands in its space. */
export const pageItem = (page: ConfluencePage, baseUrl: string): NewItem => {
  const parent = page.parentType === 'page' ? (page.parentId ?? null) : null
  return {
    type: 'PAGE',
    external_id: page.id,
    parent_external_id: parent ?? page.spaceId,
    source_parent_id: parent,
    space_id: page.spaceId,
    space_key: null,
    name: withoutNul(page.title),
    url: pageUrl(page, baseUrl),
    source_created_at: page.createdAt,
  }
}

/** Writes what a sync saw of the tree. */
export async function storeItems(
  trx: Trx,
  { connectionId, syncId }: { connectionId: number; syncId: number },
  items: readonly NewItem[],
): Promise<void> {
  const now = new Date()
  for (let start = 0; start < items.length; start += ROWS_PER_INSERT) {
    await trx
      .insertInto('items')
      .values(
        items.slice(start, start + ROWS_PER_INSERT).map((item) => ({
          ...item,
          connection_id: connectionId,
          seen_by: syncId,
          synced_at: now,
          updated_at: now,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['connection_id', 'type', 'external_id']).doUpdateSet((eb) => ({
          parent_external_id: eb.ref('excluded.parent_external_id'),
          source_parent_id: eb.ref('excluded.source_parent_id'),
          space_id: eb.ref('excluded.space_id'),
          space_key: eb.ref('excluded.space_key'),
          name: eb.ref('excluded.name'),
          url: eb.ref('excluded.url'),
          source_created_at: eb.ref('excluded.source_created_at'),
          // Syncs run beside each other: what one saw, another must not call unseen.
          seen_by: sql`greatest(items.seen_by, excluded.seen_by)`,
          synced_at: eb.ref('excluded.synced_at'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute()
  }
}

/** Writes the spaces that a sync saw. */
export async function storeSpaces(
  trx: Trx,
  seen: { connectionId: number; syncId: number },
  spaces: readonly SpaceRow[],
  baseUrl: string,
): Promise<void> {
  const items = spaces.map((space) => spaceItem(space, baseUrl))
  await storeItems(trx, seen, items)
  await nameSpaces(
    trx,
    seen.connectionId,
    items.map(({ external_id, space_key }) => ({ id: external_id, key: space_key })),
  )
}

/**
 * After a complete walk: drops what it did not see, and puts pages whose parent is not in the tree into their space.
 *
 * Only the tree is touched; files stay.
 */
export async function settleTree(
  trx: Trx,
  { connectionId, syncId }: { connectionId: number; syncId: number },
): Promise<void> {
  await trx.deleteFrom('items').where('connection_id', '=', connectionId).where('seen_by', '<', syncId).execute()
  await placeOrphans(trx, connectionId)
}

/**
 * Puts pages into their space whose parent is not in the tree: it is restricted, archived, or not seen yet.
 *
 * The parent is looked up page by page: of rows that were written a moment ago the planner knows no numbers, and would compare
 * every page with every other.
 */
export async function placeOrphans(trx: Trx, connectionId: number, pageIds?: readonly string[]): Promise<void> {
  const some = pageIds ? sql`and child.external_id = any(${pageIds}::text[])` : sql``
  await sql`
    update items as child set parent_external_id = child.space_id
    where child.connection_id = ${connectionId} and child.type = 'PAGE' ${some}
      and child.source_parent_id is not null and child.parent_external_id = child.source_parent_id
      and (
        select true from items as parent
        where parent.connection_id = child.connection_id and parent.type = 'PAGE'
          and parent.external_id = child.source_parent_id
      ) is null`.execute(trx)
}

/** Gives pages that came one by one their place: below their parent where it is in the tree, and above children that waited for them. */
export async function placeArrivals(trx: Trx, connectionId: number, pageIds: readonly string[]): Promise<void> {
  await placeOrphans(trx, connectionId, pageIds)
  await sql`
    update items set parent_external_id = source_parent_id
    where connection_id = ${connectionId} and type = 'PAGE' and source_parent_id = any(${pageIds}::text[])
      and parent_external_id <> source_parent_id`.execute(trx)
}
