import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { PageRow } from '../db/schema.ts'
import type { Made, PageSource } from './convert-page.ts'
import { type Found, keyOf, type Reference, type Target } from './finder.ts'

// Storage format names other pages by their titles, in links and in macros that show one page within another. What is meant is found among
// what was synced with the same sign-in, so that nobody sees through a page what Confluence does not show them.

/** Looks for what a page names: each round may find pages that are shown in it and name more, and those go five deep. */
const ROUNDS = 7

/**
 * Bytes of what is read to be shown: in one page, more than the converter's limit of 2,000,000 characters can let through, and little enough to
 * be held in memory whatever a page names; in many pages together, what many such pages need.
 */
const SHOWN_BYTES = { each: 8_000_000, inOne: 40_000_000, inMany: 4_000_000 }

/** A file whose page names others. */
export type File = Pick<PageRow, 'id' | 'connection_id'>

/** What a file named when it was last converted, and the id of the page that was meant. */
type Known = Reference & { pageId: string | null }

/** What files named when they were last converted, and the pages that are meant now. */
export interface Named {
  known: readonly Known[]
  found: Found
}

/** What a page names, and the pages that are meant. */
export interface Links {
  references: readonly Reference[]
  found: Found
  /** What it named before; undefined where nobody looked. */
  known?: readonly Known[]
}

/**
 * Converts a page with what it names: looked up, and shown in it where it asks for that.
 *
 * @param named what it named before, where that was looked up already
 * @returns `isComplete` where it named nothing that was not noted before, so that no change of what it names can have been missed
 */
export async function convertLinked<Result>(
  db: Db,
  file: File,
  source: PageSource,
  convert: (source: PageSource) => Promise<Made<Result>>,
  named?: Named,
): Promise<Result & { links: Links; isComplete: boolean }> {
  const before = named ?? (await namedBy(db, file))
  const { known } = before
  let { found } = before
  /** What was looked up, and whether to be shown. */
  const looked = new Map(known.map((reference) => [keyOf(reference), reference.includes]))
  for (let round = 1; ; round++) {
    const { references, ...result } = await convert({ ...source, found })
    const further = references.filter((reference) => {
      const shown = looked.get(keyOf(reference))
      return shown === undefined || (reference.includes && !shown)
    })
    if (further.length === 0 || round === ROUNDS)
      return { ...(result as Result), links: { references, found, known }, isComplete: round === 1 }
    for (const reference of further) looked.set(keyOf(reference), reference.includes)
    found = new Map([...found, ...(await lookUp(db, file, further))])
  }
}

async function namedBy(db: Db, file: File): Promise<Named> {
  const known = (await knownOf(db, [file])).get(file.id) ?? []
  return { known, found: await lookUp(db, file, known) }
}

/** What many files name, looked up at once. Files that show so much that it is not held in memory with what others show are left out. */
export async function namedByMany(db: Db, files: readonly File[]): Promise<ReadonlyMap<number, Named>> {
  const known = await knownOf(db, files)
  const asked = files.flatMap((file) => asking(file, known.get(file.id) ?? []))
  const { found, cut } = await targetsOf(db, asked, SHOWN_BYTES.inMany)
  return new Map(
    files
      .filter(({ id }) => !cut.has(id))
      .map(({ id }) => [id, { known: known.get(id) ?? [], found: found.get(id) ?? new Map() }]),
  )
}

async function knownOf(db: Db, files: readonly File[]): Promise<ReadonlyMap<number, Known[]>> {
  // File by file: without statistics, the database would rather read everything that is noted.
  const { rows } = await sql<Known & { file: number }>`
    select named.* from unnest(${files.map(({ id }) => id)}::int[]) as asking (file)
    cross join lateral (
      select file_id as file, space_key as "spaceKey", title, includes, page_id as "pageId"
      from page_references where file_id = asking.file offset 0
    ) as named`.execute(db)
  const known = new Map<number, Known[]>()
  for (const { file, ...reference } of rows) {
    const others = known.get(file)
    if (others) others.push(reference)
    else known.set(file, [reference])
  }
  return known
}

/** A name, and the file that has it. */
type Asked = Reference & { file: File }

const asking = (file: File, references: readonly Reference[]): Asked[] =>
  references.map((reference) => ({ ...reference, file }))

const lookUp = async (db: Db, file: File, references: readonly Reference[]): Promise<Found> =>
  (await targetsOf(db, asking(file, references), SHOWN_BYTES.inOne)).found.get(file.id) ?? new Map()

/**
 * The synced page of that title in that space, of several the newest file; or else the one that had it.
 *
 * @returns by the files that ask; `cut`: those that get less to show than they ask for, since all is more than the limit
 */
async function targetsOf(
  db: Db,
  asked: readonly Asked[],
  limit: number,
): Promise<{ found: ReadonlyMap<number, Found>; cut: ReadonlySet<number> }> {
  if (asked.length === 0) return { found: new Map(), cut: new Set() }
  const { rows } = await sql<Target & { file: number; key: string; isShown: boolean }>`
    with meant as (
      select asked.file, asked.key, asked.position, target.page_id, target.title, target.url, target.storage,
        coalesce(target.space_key, asked.space_key) as space_key,
        asked.includes and octet_length(target.storage) <= ${SHOWN_BYTES.each} as is_shown
    from unnest(${asked.map(({ file }) => file.id)}::int[], ${asked.map(({ file }) => file.connection_id)}::int[],
        ${asked.map(keyOf)}::text[], ${asked.map(({ spaceKey }) => spaceKey)}::text[],
        ${asked.map(({ title }) => title)}::text[], ${asked.map(({ includes }) => includes)}::boolean[])
      with ordinality as asked (file, connection, key, space_key, title, includes, position)
    cross join lateral (
      select named.*, 1 as rank from pages as named
      where named.user_id = (select user_id from connections where id = asked.connection) and lower(named.title) = lower(asked.title)
        and named.connection_id = asked.connection and named.storage is not null and named.space_key = asked.space_key
      union all
      select meant.*, 2 from page_references as before
      join pages as meant on meant.connection_id = asked.connection and meant.page_id = before.page_id and meant.storage is not null
      where before.file_id = asked.file and before.space_key = asked.space_key and before.title = asked.title
      order by rank, id desc limit 1
    ) as target)
    select file, key, page_id as id, title, url, space_key as "spaceKey", is_shown as "isShown",
      case when is_shown and sum(case when is_shown then octet_length(storage) else 0 end) over (order by position) <= ${limit}
        then storage end as storage
    from meant`.execute(db)
  const found = new Map<number, Map<string, Target>>()
  const cut = new Set<number>()
  for (const { file, key, isShown, ...target } of rows) {
    found.set(file, (found.get(file) ?? new Map<string, Target>()).set(key, target))
    if (isShown && target.storage === null) cut.add(file)
  }
  return { found, cut }
}
