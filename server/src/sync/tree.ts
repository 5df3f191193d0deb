import { type Expression, type SqlBool, sql } from 'kysely'
import { contains } from '../db/contains.ts'
import type { Db } from '../db/database.ts'

/** Which part of a connection's tree. */
export interface TreeScope {
  connectionId: number
  /** Confluence's id of a space or a page: what lies below it. Without one, the spaces, or the whole tree where something filters. */
  parentId?: string | null | undefined
  /** The pages right below the spaces, without the spaces. */
  inSpaces?: boolean
  filters?: TreeFilters | null | undefined
}

/** What of it to list, and how. */
export interface TreeQuery extends TreeScope {
  orderBy?: 'name' | 'id' | 'directories_first'
  orderDirection?: 'asc' | 'desc'
  /** Items with a greater id only. */
  afterId?: number
  /** By name, upwards: the items after the one with this key, its `sort_key`, and this id. */
  after?: { key: string; id: number } | undefined
  limit: number
  offset?: number
}

export interface TreeFilters {
  external_ids?: string[] | null | undefined
  ids?: number[] | null | undefined
  /** Part of the name, in any case; below a parent, at any depth. */
  name?: string | null | undefined
  root_files_only?: boolean | null | undefined
  file_formats?: string[] | null | undefined
  item_types?: string[] | null | undefined
}

const FORMAT = 'CONFLUENCE'

/** Everything below an item, at any depth. Nothing joined to it by OR: the planner could not start from the tree. */
const below = (connectionId: number, parentId: string) => sql<boolean>`items.id in (
  with recursive tree as (
    select child.id, child.external_id from items as child
    where child.connection_id = ${connectionId} and child.type = 'PAGE' and child.parent_external_id = ${parentId}
    union
    select child.id, child.external_id from items as child
    join tree on child.parent_external_id = tree.external_id
    where child.connection_id = ${connectionId} and child.type = 'PAGE')
  select id from tree)`

function place({ connectionId, parentId, inSpaces, filters }: TreeScope): Expression<SqlBool> {
  if (inSpaces) return sql<boolean>`items.parent_external_id = items.space_id`
  if (parentId)
    return filters?.name ? below(connectionId, parentId) : sql<boolean>`items.parent_external_id = ${parentId}`
  const given = Object.values(filters ?? {}).some(
    (value) => value !== null && value !== undefined && value !== false && value !== '',
  )
  // Only spaces have no parent; this is what the index on spaces answers.
  return filters?.root_files_only || !given ? sql<boolean>`items.type = 'SPACE'` : sql<boolean>`true`
}

/** Not EXISTS: for that the planner may read the whole tree into a hash to look up a few items. */
const isExpandable = (item: 'item' | 'items') => sql<boolean>`coalesce((
  select true from items as child
  where child.connection_id = ${sql.ref(`${item}.connection_id`)} and child.type = 'PAGE'
    and child.parent_external_id = ${sql.ref(`${item}.external_id`)}
  limit 1), false)`

function conditions(query: TreeScope): Expression<SqlBool>[] {
  const { filters } = query
  return [
    sql<boolean>`items.connection_id = ${query.connectionId}`,
    place(query),
    ...(filters?.external_ids ? [sql<boolean>`items.external_id = any(${filters.external_ids}::text[])`] : []),
    ...(filters?.ids ? [sql<boolean>`items.id = any(${filters.ids}::int[])`] : []),
    ...(filters?.name ? [contains('items.name', filters.name)] : []),
    ...(filters?.item_types ? [sql<boolean>`items.type = any(${filters.item_types}::text[])`] : []),
    ...(filters?.file_formats ? [sql<boolean>`${filters.file_formats.includes(FORMAT)}::boolean`] : []),
  ]
}

const matching = (db: Db, query: TreeScope) => db.selectFrom('items').where((eb) => eb.and(conditions(query)))

/** What items are ordered by for people: names in any case. */
const nameOf = (item: 'item' | 'items') => sql<string>`lower(${sql.ref(`${item}.name`)})`

/** The items of a query. What is told beyond the row is looked up for those that are shown, not for those that are skipped. */
export function listItems(db: Db, query: TreeQuery) {
  const direction = query.orderDirection ?? 'asc'
  const orderBy = query.orderBy ?? 'name'
  const { after } = query
  const page = matching(db, query)
    .selectAll('items')
    .$if(query.afterId !== undefined, (rest) => rest.where('items.id', '>', query.afterId ?? 0))
    .$if(after !== undefined, (rest) =>
      rest.where(sql<boolean>`(${nameOf('items')}, items.id) > (${after?.key}::text, ${after?.id}::int)`),
    )
    .$if(orderBy === 'directories_first', (rest) => rest.orderBy(isExpandable('items'), 'desc'))
    .$if(orderBy !== 'id', (rest) => rest.orderBy(nameOf('items'), direction))
    .orderBy('items.id', direction)
    .limit(query.limit)
    .offset(query.offset ?? 0)
  return db
    .selectFrom(page.as('item'))
    .leftJoin('pages', (join) =>
      join
        .onRef('pages.connection_id', '=', 'item.connection_id')
        .onRef('pages.page_id', '=', 'item.external_id')
        .on('item.type', '=', 'PAGE'),
    )
    .leftJoin('items as space', (join) =>
      join
        .onRef('space.connection_id', '=', 'item.connection_id')
        .onRef('space.external_id', '=', 'item.space_id')
        .on('space.type', '=', 'SPACE'),
    )
    .selectAll('item')
    .select([
      'pages.id as file_id',
      'space.name as space_name',
      isExpandable('item').as('is_expandable'),
      nameOf('item').as('sort_key'),
    ])
    .$if(orderBy === 'directories_first', (rest) => rest.orderBy(isExpandable('item'), 'desc'))
    .$if(orderBy !== 'id', (rest) => rest.orderBy(nameOf('item'), direction))
    .orderBy('item.id', direction)
    .execute()
}

export type TreeItem = Awaited<ReturnType<typeof listItems>>[number]

/** How many items a query has, on all pages. */
export async function countItems(db: Db, query: TreeScope): Promise<number> {
  const { count } = await matching(db, query)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
