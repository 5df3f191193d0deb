import { sql, type Transaction } from 'kysely'
import type { PageRow, Schema } from '../db/schema.ts'
import { keyOf, type Reference } from './finder.ts'
import type { File, Links } from './links.ts'

// What pages name is noted, so that those are found again that name a page which has come, gone or changed.

type Trx = Transaction<Schema>

/** Notes what files name, in place of what they named before. What was meant by a name stays known. */
export async function saveReferences(trx: Trx, files: readonly (File & { links: Links })[]): Promise<void> {
  const forgetting = files.filter(({ links }) => namesLess(links)).map(({ id }) => id)
  if (forgetting.length > 0)
    await sql`
    delete from page_references where file_id = any(${forgetting}::int[])
      and (file_id, space_key, title) not in (select file_id, space_key, title from (${rowsOf(files)}) as kept)`.execute(
      trx,
    )
  const changed = files.map((file) => ({ ...file, links: { ...file.links, references: differing(file.links) } }))
  if (changed.every(({ links }) => links.references.length === 0)) return
  await sql`
    insert into page_references (file_id, connection_id, space_key, title, includes, page_id) ${rowsOf(changed)}
    on conflict (file_id, space_key, title) do update set
      includes = excluded.includes, page_id = coalesce(excluded.page_id, page_references.page_id)`.execute(trx)
}

/** Whether something that was named may be named no more. */
const namesLess = ({ references, known }: Links): boolean => {
  const named = new Set(references.map(keyOf))
  return known === undefined || known.some((reference) => !named.has(keyOf(reference)))
}

/** What is not noted as it is now. */
function differing({ references, found, known = [] }: Links): Reference[] {
  const before = new Map(known.map((reference) => [keyOf(reference), reference]))
  return references.filter((reference) => {
    const key = keyOf(reference)
    const noted = before.get(key)
    return noted?.includes !== reference.includes || noted.pageId !== (found.get(key)?.id ?? noted.pageId)
  })
}

function rowsOf(files: readonly (File & { links: Links })[]) {
  const named = files.flatMap(({ id, connection_id, links: { references, found } }) =>
    references.map((reference) => ({
      ...reference,
      fileId: id,
      connectionId: connection_id,
      pageId: found.get(keyOf(reference))?.id ?? null,
    })),
  )
  return sql`
    select * from unnest(${named.map(({ fileId }) => fileId)}::int[], ${named.map(({ connectionId }) => connectionId)}::int[],
        ${named.map(({ spaceKey }) => spaceKey)}::text[], ${named.map(({ title }) => title)}::text[],
        ${named.map(({ includes }) => includes)}::boolean[], ${named.map(({ pageId }) => pageId)}::text[])
      as named (file_id, connection_id, space_key, title, includes, page_id)`
}

/** How others name a page. */
type Name = Pick<PageRow, 'title' | 'space_key'>

/** A page that others may name, and what happened to it. */
export interface Changed extends Pick<PageRow, 'connection_id' | 'page_id'>, Name {
  /** It has come, gone, or got another name or place: links to it change as well, and not only what is shown of it. */
  moved: boolean
  /** The name that it had, where that was another. */
  before?: Name | undefined
}

/**
 * Sees to it that files are converted again whose pages name those that have changed. The number goes down with each change, so that a
 * conversion that was under way meanwhile does not count.
 */
export async function markReferring(trx: Trx, pages: readonly Changed[]): Promise<void> {
  if (pages.length === 0) return
  const renamed = pages.flatMap(({ before, ...page }) => (before ? [{ ...page, ...before }] : []))
  await sql`
    with changed as (${rowsOfChanged([...pages, ...renamed])})
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
  if (renamed.length === 0) return
  // By the old name nobody would find them any more. After the rows of the files, as whoever converts those does: two that wait for each other
  // would be one too many.
  await sql`
    with changed as (${rowsOfChanged(renamed)})
    update page_references as named set page_id = changed.page_id from changed
    where named.connection_id = changed.connection_id and lower(named.title) = lower(changed.title)
      and named.space_key = changed.space_key and named.page_id is null`.execute(trx)
}

const rowsOfChanged = (pages: readonly Changed[]) => sql`
  select * from unnest(${pages.map(({ connection_id }) => connection_id)}::int[], ${pages.map(({ page_id }) => page_id)}::text[],
      ${pages.map(({ title }) => title)}::text[], ${pages.map(({ space_key }) => space_key)}::text[],
      ${pages.map(({ moved }) => moved)}::boolean[])
    as changed (connection_id, page_id, title, space_key, moved)`

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
