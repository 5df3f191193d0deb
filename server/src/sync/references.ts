import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import type { PageRow, Schema } from '../db/schema.ts'
import type { Made, PageSource } from './convert-page.ts'
import { type Found, keyOf, type Reference, type Target } from './finder.ts'

// Storage format names other pages by their titles, in links and in macros that show one page within another. What is meant is found among
// what was synced with the same sign-in, so that nobody sees through a page what Confluence does not show them.

type Trx = Transaction<Schema>

/** Looks for what a page names: each round may find pages that are shown in it and name more, and those go five deep. */
const ROUNDS = 7

/**
 * What is read to be shown in one page: more than the converter's limit of 2,000,000 characters can let through, and little enough to be held in
 * memory whatever a page names.
 */
const SHOWN_BYTES = { each: 8_000_000, all: 40_000_000 }

/** A file whose page names others. */
type File = Pick<PageRow, 'id' | 'connection_id'>

/** What a page names, and the pages that are meant. */
export interface Links {
  references: Reference[]
  found: Found
}

/**
 * Converts a page with what it names: looked up, and shown in it where it asks for that.
 *
 * @returns `isComplete` where it named nothing that was not noted before, so that no change of what it names can have been missed
 */
export async function convertLinked<Result>(
  db: Db,
  file: File,
  source: PageSource,
  convert: (source: PageSource) => Promise<Made<Result>>,
): Promise<Result & { links: Links; isComplete: boolean }> {
  const known = await namedBy(db, file)
  /** What was looked up, and whether to be shown. */
  const looked = new Map(known.map((reference) => [keyOf(reference), reference.includes]))
  let found = await lookUp(db, file, known)
  for (let round = 1; ; round++) {
    const { references, ...result } = await convert({ ...source, found })
    const further = references.filter((reference) => {
      const before = looked.get(keyOf(reference))
      return before === undefined || (reference.includes && !before)
    })
    if (further.length === 0 || round === ROUNDS)
      return { ...(result as Result), links: { references, found }, isComplete: round === 1 }
    for (const reference of further) looked.set(keyOf(reference), reference.includes)
    found = new Map([...found, ...(await lookUp(db, file, further))])
  }
}

/** What a file named when it was last converted. */
const namedBy = async (db: Db, { id }: File): Promise<Reference[]> =>
  db
    .selectFrom('page_references')
    .select(['space_key as spaceKey', 'title', 'includes'])
    .where('file_id', '=', id)
    .execute()

/** The synced page of that title in that space, of several the newest file; or else the one that had it. */
async function lookUp(db: Db, { id, connection_id }: File, references: readonly Reference[]): Promise<Found> {
  if (references.length === 0) return new Map()
  const { rows } = await sql<Target & { key: string }>`
    with meant as (
      select asked.key, asked.position, target.page_id, target.title, target.url, target.storage,
        coalesce(target.space_key, asked.space_key) as space_key,
        asked.includes and octet_length(target.storage) <= ${SHOWN_BYTES.each} as is_shown
    from unnest(${references.map(keyOf)}::text[], ${references.map(({ spaceKey }) => spaceKey)}::text[],
        ${references.map(({ title }) => title)}::text[], ${references.map(({ includes }) => includes)}::boolean[])
      with ordinality as asked (key, space_key, title, includes, position)
    cross join lateral (
      select named.*, 1 as rank from pages as named
      where named.user_id = (select user_id from connections where id = ${connection_id}) and lower(named.title) = lower(asked.title)
        and named.connection_id = ${connection_id} and named.storage is not null and named.space_key = asked.space_key
      union all
      select meant.*, 2 from page_references as before
      join pages as meant on meant.connection_id = ${connection_id} and meant.page_id = before.page_id and meant.storage is not null
      where before.file_id = ${id} and before.space_key = asked.space_key and before.title = asked.title
      order by rank, id desc limit 1
    ) as target)
    select key, page_id as id, title, url, space_key as "spaceKey",
      case when is_shown and sum(case when is_shown then octet_length(storage) else 0 end) over (order by position) <= ${SHOWN_BYTES.all}
        then storage end as storage
    from meant`.execute(db)
  return new Map(rows.map(({ key, ...target }) => [key, target]))
}

/**
 * Notes what files name, in place of what they named before. What was meant by a name stays known.
 *
 * @param files `isNew` where they cannot have named anything before: a first sync does not look
 */
export async function saveReferences(
  trx: Trx,
  files: readonly (File & { links: Links; isNew?: boolean })[],
): Promise<void> {
  const named = files.flatMap(({ id, connection_id, links: { references, found } }) =>
    references.map((reference) => ({
      ...reference,
      fileId: id,
      connectionId: connection_id,
      pageId: found.get(keyOf(reference))?.id ?? null,
    })),
  )
  const rows = sql`
    select * from unnest(${named.map(({ fileId }) => fileId)}::int[], ${named.map(({ connectionId }) => connectionId)}::int[],
        ${named.map(({ spaceKey }) => spaceKey)}::text[], ${named.map(({ title }) => title)}::text[],
        ${named.map(({ includes }) => includes)}::boolean[], ${named.map(({ pageId }) => pageId)}::text[])
      as named (file_id, connection_id, space_key, title, includes, page_id)`
  const known = files.filter(({ isNew }) => !isNew).map(({ id }) => id)
  if (known.length > 0)
    await sql`
    delete from page_references where file_id = any(${known}::int[])
      and (file_id, space_key, title) not in (select file_id, space_key, title from (${rows}) as kept)`.execute(trx)
  if (named.length === 0) return
  await sql`
    insert into page_references (file_id, connection_id, space_key, title, includes, page_id) ${rows}
    on conflict (file_id, space_key, title) do update set
      includes = excluded.includes, page_id = coalesce(excluded.page_id, page_references.page_id)`.execute(trx)
}

/** A page that others may name, and what happened to it. */
export type Changed = Pick<PageRow, 'connection_id' | 'page_id'> & {
  title: string | null
  space_key: string | null
  /** It has come, gone, or got another name or place: links to it change as well, and not only what is shown of it. */
  moved: boolean
}

/**
 * Sees to it that files are converted again whose pages name those that have changed. The number goes down with each change, so that a
 * conversion that was under way meanwhile does not count.
 */
export async function markReferring(trx: Trx, pages: readonly Changed[]): Promise<void> {
  if (pages.length === 0) return
  await sql`
    with changed as (
      select * from unnest(${pages.map(({ connection_id }) => connection_id)}::int[], ${pages.map(({ page_id }) => page_id)}::text[],
          ${pages.map(({ title }) => title)}::text[], ${pages.map(({ space_key }) => space_key)}::text[],
          ${pages.map(({ moved }) => moved)}::boolean[])
        as changed (connection_id, page_id, title, space_key, moved))
    update pages set converter_version = least(converter_version, 0) - 1
    where converter_version is not null and id in (
      select named.file_id from changed
      join page_references as named on named.connection_id = changed.connection_id and named.page_id = changed.page_id
      where changed.moved or named.includes
      union all
      select named.file_id from changed
      join page_references as named on named.connection_id = changed.connection_id and lower(named.title) = lower(changed.title)
        and named.space_key = changed.space_key
      where changed.moved or named.includes)`.execute(trx)
}

/** Gives pages the key of their space where it was not known when they were stored: they name others by it, and are named by it. */
export async function nameSpaces(
  trx: Trx,
  connectionId: number,
  spaces: readonly { id: string; key: string | null }[],
): Promise<void> {
  const { rows } = await sql<Omit<Changed, 'moved'>>`
    update pages set space_key = space.key,
      converter_version = case when converter_version is not null then least(converter_version, 0) - 1 end
    from unnest(${spaces.map(({ id }) => id)}::text[], ${spaces.map(({ key }) => key)}::text[]) as space (id, key)
    where pages.connection_id = ${connectionId} and pages.space_id = space.id and pages.space_key is distinct from space.key
    returning pages.connection_id, pages.page_id, pages.title, pages.space_key`.execute(trx)
  await markReferring(
    trx,
    rows.map((page) => ({ ...page, moved: true })),
  )
}
