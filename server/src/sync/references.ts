import { sql, type Transaction } from 'kysely'
import type { ConvertOptions, PageReference } from '../content/index.ts'
import type { Db } from '../db/database.ts'
import type { PageRow, Schema } from '../db/schema.ts'

// Storage format names other pages by their titles, in links and in macros that show one page within another. What is meant is found among
// what was synced with the same sign-in, so that nobody sees through a page what Confluence does not show them.

type Trx = Transaction<Schema>

/** Titles and keys of spaces are no longer at Confluence; what claims to be is nobody's. */
const NAME_LIMIT = 255
/** Different pages that one page may name; further ones keep their address by title. */
const REFERENCE_LIMIT = 1_000
/** Looks for what a page names: each round may find pages that are shown in it and name more, and those go five deep. */
const ROUNDS = 7

/** A page that another one names. */
export interface Reference {
  spaceKey: string
  title: string
  /** Whether it is shown in the page, and not only linked. */
  includes: boolean
}

/** The page that is meant. */
interface Target {
  id: string
  title: string
  url: string
  spaceKey: string
  /** Null where it is only linked. */
  storage: string | null
}

type Found = ReadonlyMap<string, Target>

const keyOf = ({ spaceKey, title }: Pick<Reference, 'spaceKey' | 'title'>) => `${spaceKey} ${title}`

/** What the converter asks for other pages: it answers from what was found, and notes what was asked. */
export class Finder {
  readonly #found: Found
  readonly #asked = new Map<string, Reference>()

  constructor(found: Found = new Map()) {
    this.#found = found
  }

  /** The pages that were asked for. */
  get asked(): Reference[] {
    return [...this.#asked.values()]
  }

  /** The converter's. */
  get options(): Pick<ConvertOptions, 'resolvePage' | 'includePage'> {
    return {
      resolvePage: (reference) => this.#find(reference, false),
      includePage: (reference) => {
        const target = this.#find(reference, true)
        return target && target.storage !== null ? { ...target, storage: target.storage } : undefined
      },
    }
  }

  #find({ spaceKey = '', title }: PageReference, includes: boolean): Target | undefined {
    if (spaceKey === '' || title === '' || spaceKey.length > NAME_LIMIT || title.length > NAME_LIMIT) return undefined
    const key = keyOf({ spaceKey, title })
    const before = this.#asked.get(key)
    if (before) before.includes ||= includes
    else if (this.#asked.size < REFERENCE_LIMIT) this.#asked.set(key, { spaceKey, title, includes })
    return this.#found.get(key)
  }
}

/** A file whose page names others. */
type File = Pick<PageRow, 'id' | 'connection_id'>

/** What a page names, and the ids of the pages that are meant. */
export interface Links {
  references: Reference[]
  found: Found
}

/** Converts a page with what it names: looked up, and shown in it where it asks for that. */
export async function convertLinked<Result>(
  db: Db,
  file: File,
  convert: (finders: Finder['options']) => Result,
): Promise<{ result: Result; links: Links }> {
  const known = await namedBy(db, file)
  /** What was looked up, and whether to be shown. */
  const looked = new Map(known.map((reference) => [keyOf(reference), reference.includes]))
  let found = await lookUp(db, file, known)
  for (let round = 1; ; round++) {
    const finder = new Finder(found)
    const result = convert(finder.options)
    const further = finder.asked.filter((reference) => {
      const before = looked.get(keyOf(reference))
      return before === undefined || (reference.includes && !before)
    })
    if (further.length === 0 || round === ROUNDS) return { result, links: { references: finder.asked, found } }
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
    select asked.key, target.page_id as id, target.title, target.url, coalesce(space.space_key, asked.space_key) as "spaceKey",
      case when asked.includes then target.storage end as storage
    from unnest(${references.map(keyOf)}::text[], ${references.map(({ spaceKey }) => spaceKey)}::text[],
        ${references.map(({ title }) => title)}::text[], ${references.map(({ includes }) => includes)}::boolean[])
      as asked (key, space_key, title, includes)
    cross join lateral (
      select named.*, 1 as rank from pages as named
      join items as home on home.connection_id = ${connection_id} and home.type = 'SPACE' and home.external_id = named.space_id
      where named.user_id = (select user_id from connections where id = ${connection_id}) and lower(named.title) = lower(asked.title)
        and named.connection_id = ${connection_id} and named.storage is not null and home.space_key = asked.space_key
      union all
      select meant.*, 2 from page_references as before
      join pages as meant on meant.connection_id = ${connection_id} and meant.page_id = before.page_id and meant.storage is not null
      where before.file_id = ${id} and before.space_key = asked.space_key and before.title = asked.title
      order by rank, id desc limit 1
    ) as target
    left join items as space on space.connection_id = ${connection_id} and space.type = 'SPACE' and space.external_id = target.space_id`.execute(
    db,
  )
  return new Map(rows.map(({ key, ...target }) => [key, target]))
}

/** Notes what files name, in place of what they named before. What was meant by a name stays known. */
export async function saveReferences(trx: Trx, files: readonly (File & { links: Links })[]): Promise<void> {
  if (files.length === 0) return
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
  await sql`
    delete from page_references where file_id = any(${files.map(({ id }) => id)}::int[])
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
  space_id: string | null
  /** It has come, gone, or got another name or place: links to it change as well, and not only what is shown of it. */
  moved: boolean
}

/** One less with each change, so that a conversion that was under way meanwhile does not count. */
const outdated = sql`converter_version = least(converter_version, 0) - 1`

/** Sees to it that files are converted again whose pages name those that have changed. */
export async function markReferring(trx: Trx, pages: readonly Changed[]): Promise<void> {
  if (pages.length === 0) return
  await sql`
    with changed as (
      select * from unnest(${pages.map(({ connection_id }) => connection_id)}::int[], ${pages.map(({ page_id }) => page_id)}::text[],
          ${pages.map(({ title }) => title)}::text[], ${pages.map(({ space_id }) => space_id)}::text[],
          ${pages.map(({ moved }) => moved)}::boolean[])
        as changed (connection_id, page_id, title, space_id, moved))
    update pages set ${outdated}
    where converter_version is not null and id in (
      select named.file_id from changed
      join page_references as named on named.connection_id = changed.connection_id and named.page_id = changed.page_id
      where changed.moved or named.includes
      union all
      select named.file_id from changed
      join page_references as named on named.connection_id = changed.connection_id and lower(named.title) = lower(changed.title)
      join items as space on space.connection_id = changed.connection_id and space.type = 'SPACE'
        and space.external_id = changed.space_id and space.space_key = named.space_key
      where changed.moved or named.includes)`.execute(trx)
}

/** The same, for spaces that are new, or back: what is in them can be named again. */
export const markNamingSpaces = (trx: Trx, connectionId: number, keys: readonly string[]) =>
  sql`
    update pages set ${outdated}
    where converter_version is not null and id in (
      select file_id from page_references where connection_id = ${connectionId} and space_key = any(${keys}::text[]))`.execute(
    trx,
  )

/** How the version of the converter says that a page is to be converted once more, since it names others. */
export const UNLINKED = 0
