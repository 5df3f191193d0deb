import { sql } from 'kysely'
import { CONVERTER_VERSION, convertStorage, type PageReference } from '../../src/content/index.ts'
import type { Db } from '../../src/db/database.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { type Site, storageOf } from '../../src/sandbox/world/world.ts'
import { siteOf } from './scene.ts'

/** A page in the terms in which stored and true ones are compared. */
type Facts = Record<string, string | number | null>

/** More would only repeat it. */
const MAX_TOLD = 8

/** The pages that the connected person sees. */
export const visiblePages = (site: Site, blogPosts: boolean) =>
  contentOf(site, blogPosts).filter(
    (page) => page.status === 'current' && !page.restricted && site.spaces.get(page.spaceId)?.status === 'current',
  )

/** Pages, and blog posts where they are wanted. */
export const contentOf = (site: Site, blogPosts: boolean) => [
  ...site.pages.sorted('id'),
  ...(blogPosts ? site.blogposts.sorted('id') : []),
]

/** Confluence, and whether blog posts are wanted of it. */
export interface Truth {
  sandbox: Sandbox
  blogPosts: boolean
}

/** Finds pages as the server is to find them: among all that it has stored of the connection. */
async function findersIn(db: Db, connectionId: number) {
  const pages = await db
    .selectFrom('pages')
    .select(['id', 'page_id', 'title', 'url', 'space_key', 'storage'])
    .where('connection_id', '=', connectionId)
    .where('storage', 'is not', null)
    .orderBy('id')
    .execute()
  const references = await db
    .selectFrom('page_references')
    .select(['file_id', 'space_key', 'title', 'page_id'])
    .where('connection_id', '=', connectionId)
    .execute()
  const named = (spaceKey: unknown, title: string | null) => `${spaceKey} ${title?.toLowerCase()}`
  const byName = new Map(pages.map((page) => [named(page.space_key, page.title), page]))
  const byId = new Map(pages.map((page) => [page.page_id, page]))
  const meant = new Map(references.map((one) => [`${one.file_id} ${named(one.space_key, one.title)}`, one.page_id]))
  return (pageId: string) => {
    const file = byId.get(pageId)
    const find = ({ spaceKey, title }: PageReference) => {
      const name = named(spaceKey, title)
      const page = byName.get(name) ?? byId.get(meant.get(`${file?.id} ${name}`) ?? '')
      if (!page) return undefined
      const key = page.space_key ?? spaceKey
      return {
        id: page.page_id,
        title: page.title ?? '',
        url: page.url ?? '',
        storage: page.storage ?? '',
        ...(key !== undefined && { spaceKey: key }),
      }
    }
    return { resolvePage: find, includePage: find }
  }
}

function trueFiles({ sandbox, blogPosts }: Truth, finders: Awaited<ReturnType<typeof findersIn>>): Map<string, Facts> {
  const site = siteOf(sandbox)
  return new Map(
    visiblePages(site, blogPosts).map((page) => {
      const id = String(page.id)
      const storage = storageOf(sandbox.world, site, page)
      const spaceKey = site.spaces.get(page.spaceId)?.key ?? ''
      const about = { baseUrl: `${site.url}/wiki`, pageId: id, title: page.title, spaceKey }
      const { html, text } = convertStorage(storage, { ...about, ...finders(id) })
      return [
        id,
        {
          kind: page.kind,
          version: page.version,
          title: page.title,
          space: String(page.spaceId),
          parent: page.parentId === null ? null : String(page.parentId),
          'kind of parent': page.parentType,
          storage,
          html,
          text,
          state: 'READY',
        },
      ]
    }),
  )
}

async function storedFiles(db: Db, connectionId: number): Promise<Map<string, Facts>> {
  const rows = await db
    .selectFrom('pages')
    .selectAll()
    .where('connection_id', '=', connectionId)
    // What was picked and could never be fetched is a wish, not a page.
    .where('version', 'is not', null)
    .execute()
  return new Map(
    rows.map((row) => [
      row.page_id,
      {
        kind: row.kind,
        version: row.version,
        title: row.title,
        space: row.space_id,
        parent: row.parent_id,
        'kind of parent': row.parent_type,
        storage: row.storage,
        html: row.html,
        text: row.text,
        state: row.sync_status,
      },
    ]),
  )
}

function trueTree({ sandbox, blogPosts }: Truth): Map<string, Facts> {
  const site = siteOf(sandbox)
  const pages = visiblePages(site, blogPosts)
  const ids = new Set(pages.map(({ id }) => id))
  return new Map([
    ...[...site.spaces.values()]
      .filter(({ status }) => status === 'current')
      .map((space): [string, Facts] => [`space ${space.id}`, { name: space.name, parent: null }]),
    ...pages.map(({ id, title, spaceId, parentId, parentType }): [string, Facts] => {
      const isInTree = parentType === 'page' && parentId !== null && ids.has(parentId)
      return [`page ${id}`, { name: title, parent: String(isInTree ? parentId : spaceId) }]
    }),
  ])
}

async function storedTree(db: Db, connectionId: number): Promise<Map<string, Facts>> {
  const rows = await db.selectFrom('items').selectAll().where('connection_id', '=', connectionId).execute()
  return new Map(
    rows.map((row) => [
      `${row.type.toLowerCase()} ${row.external_id}`,
      { name: row.name, parent: row.parent_external_id },
    ]),
  )
}

const short = (value: string | number | null | undefined, from = 0) =>
  JSON.stringify(typeof value === 'string' ? value.slice(from) : (value ?? null)).slice(0, 80)

/** A little before the place where two long texts begin to differ. */
function placeOf(one: unknown, other: unknown): number {
  if (typeof one !== 'string' || typeof other !== 'string') return 0
  let place = 0
  while (place < one.length && one[place] === other[place]) place++
  return Math.max(0, place - 20)
}

function differencesOf(kind: string, truth: Map<string, Facts>, stored: Map<string, Facts>): string[] {
  const told: string[] = []
  for (const [id, facts] of truth) {
    const found = stored.get(id)
    if (!found) told.push(`${kind} ${id} is lost`)
    else
      for (const [name, value] of Object.entries(facts))
        if (found[name] !== value) {
          const from = placeOf(found[name], value)
          told.push(`${kind} ${id}: ${name} is ${short(found[name], from)}, in Confluence ${short(value, from)}`)
        }
  }
  for (const id of stored.keys())
    if (!truth.has(id)) told.push(`${kind} ${id} is stored, and nobody sees it in Confluence`)
  return told.length > MAX_TOLD ? [...told.slice(0, MAX_TOLD), `${told.length - MAX_TOLD} more of ${kind}`] : told
}

/**
 * What of a connection is not as it is in Confluence.
 *
 * @param kept pages that have vanished there, and somebody decided to keep
 */
export async function differences(
  db: Db,
  truth: Truth,
  connectionId: number,
  kept: ReadonlySet<string>,
): Promise<string[]> {
  const files = await storedFiles(db, connectionId)
  const vanished = [...kept].filter((id) => !files.delete(id))
  return [
    ...vanished.map((id) => `file ${id} was to be kept, and is lost`),
    ...differencesOf('file', trueFiles(truth, await findersIn(db, connectionId)), files),
    ...differencesOf('item', trueTree(truth), await storedTree(db, connectionId)),
  ]
}

/** Syncs that have not ended, pages that do not show what they name, and jobs that are waiting or at work. */
export async function leftovers(db: Db): Promise<string[]> {
  const pages = await db.selectFrom('pages').select('id').where('converter_version', '<', CONVERTER_VERSION).execute()
  const syncs = await db.selectFrom('syncs').select(['id', 'kind', 'phase']).where('finished_at', 'is', null).execute()
  const { rows: jobs } = await sql<{ name: string; state: string; data: unknown }>`
    select name, state::text as state, data from jobs.job
    where state in ('created', 'retry', 'active') and name not like '\_\_%'`.execute(db)
  return [
    ...syncs.map(({ id, kind, phase }) => `sync ${id} (${kind}) is still in phase ${phase}`),
    ...pages.map(({ id }) => `file ${id} is still to be converted again`),
    ...jobs.map(({ name, state, data }) => `job ${name} ${JSON.stringify(data)} is still ${state}`),
  ]
}
