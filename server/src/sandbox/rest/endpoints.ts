import type { Account } from '../world/cast.ts'
import { type Collection, type Order, orderValue, type Position } from '../world/collection.ts'
import type { Page, Site, Space, World } from '../world/world.ts'
import { type Answer, found, invalidCursor, notFound } from './answer.ts'
import { bulkFormats, singleFormats } from './formats.ts'
import { decodeCursor, encodeCursor, nextUrl, type Ordered, slice } from './listing.ts'
import {
  flag,
  ids,
  limit,
  number,
  oneOf,
  type Parameters,
  readQuery,
  type Sort,
  someOf,
  sort,
  text,
  texts,
  type Values,
} from './query.ts'
import { labelsOf, pageRow, spaceRow, versionRow } from './rows.ts'

/** A request that has passed the gateway. */
export interface Call {
  world: World
  site: Site
  account: Account
  /** What follows `/wiki/api/v2`. */
  path: string
  /** The id in the path; empty where there is none. */
  id: string
  query: URLSearchParams
  /** The most rows that a list answers with. */
  maxRows: number
}

/** One endpoint of REST v2. */
export interface Endpoint {
  /** Hono's form of the path that follows `/wiki/api/v2`. */
  path: string
  answer(call: Call): Answer
}

/** Binds an endpoint to its table of parameters. */
const endpoint = <P extends Parameters>(
  path: string,
  parameters: P,
  answer: (call: Call, values: Values<P>) => Answer,
): Endpoint => ({
  path,
  answer(call) {
    const read = readQuery(call.query, parameters)
    return read.ok ? answer(call, read.values) : read.answer
  },
})

const base = (site: Site) => `${site.url}/wiki`

/** One page of a list, in Confluence's envelope. */
function list<T>(
  { site, path, query, maxRows }: Call,
  ordered: Ordered<T>,
  { sort: order, limit: most, cursor }: { sort: Sort<string>; limit: number; cursor: string | null },
  matches: (item: T) => boolean,
  row: (item: T) => unknown,
): Answer {
  const after = cursor === null ? null : decodeCursor(order, cursor)
  if (after === undefined) return invalidCursor()
  const { items, last } = slice(ordered, { sort: order, limit: Math.min(most, maxRows), after, matches })
  const next = last ? nextUrl(path, query, encodeCursor(order, last)) : undefined
  return found({ results: items.map(row), _links: { ...(next && { next }), base: base(site) } }, items.length, next)
}

const pageOrders = ['id', 'created-date', 'modified-date', 'title'] as const
const pageStatuses = ['current', 'archived', 'deleted', 'trashed'] as const
const singleStatuses = ['current', 'archived', 'trashed', 'deleted', 'historical', 'draft'] as const

const pageList = {
  sort: sort<Order>(pageOrders),
  status: someOf('List<ContentStatus>', pageStatuses, ['current', 'archived']),
  title: text,
  'body-format': oneOf('PrimaryBodyRepresentation', bulkFormats, null),
  cursor: text,
  limit,
}

const orderedBy = (collection: Collection, { by }: Sort<Order>): Ordered<Page> => ({
  items: collection.sorted(by),
  position: (page): Position => [orderValue[by](page), page.id],
})

function listPages(
  call: Call,
  collection: Collection,
  values: Values<typeof pageList>,
  matches: (page: Page) => boolean,
): Answer {
  return list(
    call,
    orderedBy(collection, values.sort),
    values,
    (page) =>
      !page.restricted &&
      !call.site.spaces.get(page.spaceId)?.blocked &&
      values.status.has(page.status) &&
      (values.title === null || page.title === values.title) &&
      matches(page),
    (page) => pageRow(call.world, call.site, page, values['body-format']),
  )
}

const content = ['pages', 'blogposts'] as const
type Content = (typeof content)[number]
const singular: Record<Content, string> = { pages: 'page', blogposts: 'blogpost' }

const visible = (site: Site, kind: Content, id: string): Page | undefined => {
  const page = /^\d+$/.test(id) ? site[kind].get(Number(id)) : undefined
  return page?.restricted || blocked(site, page) ? undefined : page
}
const blocked = (site: Site, page: Page | undefined) =>
  page !== undefined && site.spaces.get(page.spaceId)?.blocked === true
const spaceById = (site: Site, id: string): Space | undefined =>
  /^\d+$/.test(id) ? site.spaces.get(Number(id)) : undefined

/** Content that does not exist and content that may not be seen look alike, but for the header that names a data security policy. */
const missingContent = (site: Site, kind: Content, id: string): Answer => ({
  ...notFound(`Cannot find a ${singular[kind]} with id [${id}]`),
  ...(blocked(site, site[kind].get(Number(id))) && {
    headers: { 'Atlassian-DataSecurityPolicy': 'app_access_blocked' },
  }),
})
const missingSpace = (id: string) => notFound(`Cannot find a space with id [${id}]`)

/** Lists that come whole: at most a handful of rows. */
const shortList = (call: Call, results: readonly unknown[]) =>
  found({ results, _links: { base: base(call.site) } }, results.length)

/** What `include-*` adds to a single page: at most 50 of each, and where to find them. */
const inclusions = {
  labels: (_call: Call, page: Page) => labelsOf(page),
  properties: () => [],
  operations: () => [{ operation: 'read', targetType: 'page' }],
  likes: () => [],
  versions: (call: Call, page: Page) => versionsOf(call, page).slice(0, 50),
} as const
type Inclusion = keyof typeof inclusions
const inclusionNames = Object.keys(inclusions) as Inclusion[]

const versionsOf = ({ world }: Call, page: Page) =>
  Array.from({ length: page.version }, (_, index) => versionRow(world, page, page.version - index))

function include(call: Call, page: Page, kind: Content, wanted: readonly Inclusion[]) {
  return Object.fromEntries(
    wanted.map((name) => [
      name,
      {
        results: inclusions[name](call, page),
        meta: { hasMore: name === 'versions' && page.version > 50 },
        _links: { self: `/api/v2/${kind}/${page.id}/${name}` },
      },
    ]),
  )
}

const single = {
  'body-format': oneOf('PrimaryBodyRepresentationSingle', singleFormats, null),
  'get-draft': flag(false),
  status: someOf('List<ContentStatus>', singleStatuses, singleStatuses),
  version: number,
  'include-labels': flag(false),
  'include-properties': flag(false),
  'include-operations': flag(false),
  'include-likes': flag(false),
  'include-versions': flag(false),
  'include-version': flag(true),
  'include-favorited-by-current-user-status': flag(false),
  'include-webresources': flag(false),
  'include-collaborators': flag(false),
  'include-direct-children': flag(false),
}

const subContent = (kind: Content): Endpoint[] => {
  const of = (path: string, rows: (call: Call, page: Page) => readonly unknown[]) =>
    endpoint(`/${kind}/:id/${path}`, {}, (call) => {
      const page = visible(call.site, kind, call.id)
      if (!page)
        return path === 'properties'
          ? notFound(`Could not find page with id [${call.id}]`)
          : missingContent(call.site, kind, call.id)
      return shortList(call, rows(call, page))
    })
  return [
    of('labels', inclusions.labels),
    of('versions', versionsOf),
    of('properties', inclusions.properties),
    of('likes/users', inclusions.likes),
    endpoint(`/${kind}/:id/likes/count`, {}, (call) =>
      visible(call.site, kind, call.id) ? found({ count: 0 }, 1) : missingContent(call.site, kind, call.id),
    ),
    endpoint(`/${kind}/:id/operations`, {}, (call) =>
      visible(call.site, kind, call.id)
        ? found({ operations: inclusions.operations() }, 1)
        : missingContent(call.site, kind, call.id),
    ),
  ]
}

/** Pages and blog posts are read alike. */
const contentEndpoints = (kind: Content): Endpoint[] => [
  endpoint(
    `/${kind}`,
    { ...pageList, id: ids(250), 'space-id': ids(100), subtype: oneOf('ContentSubtype', ['live', 'page'], null) },
    (call, values) =>
      listPages(
        call,
        call.site[kind],
        values,
        (page) =>
          (values.id?.has(page.id) ?? true) &&
          (values['space-id']?.has(page.spaceId) ?? true) &&
          (values.subtype === null || page.live === (values.subtype === 'live')),
      ),
  ),
  endpoint(`/spaces/:id/${kind}`, { ...pageList, depth: oneOf('Depth', ['all', 'root'], 'all') }, (call, values) => {
    const space = spaceById(call.site, call.id)
    if (!space) return missingSpace(call.id)
    return listPages(
      call,
      call.site[kind],
      values,
      (page) => page.spaceId === space.id && (values.depth === 'all' || page.parentId === null),
    )
  }),
  endpoint(`/labels/:id/${kind}`, pageList, (call, values) =>
    listPages(call, call.site[kind], values, (page) => labelsOf(page).some((label) => label.id === call.id)),
  ),
  endpoint(`/${kind}/:id`, single, (call, values) => {
    const page = visible(call.site, kind, call.id)
    const version = values.version ?? page?.version ?? 1
    if (!page || version > page.version) return missingContent(call.site, kind, call.id)
    const {
      version: versionObject,
      _links,
      ...row
    } = pageRow(call.world, call.site, page, values['body-format'], version)
    const status = values['get-draft'] ? 'draft' : row.status
    if (!values.status.has(status as (typeof singleStatuses)[number])) return missingContent(call.site, kind, call.id)
    const wanted = inclusionNames.filter((name) => values[`include-${name}`])
    return found(
      {
        ...row,
        status,
        ...(values['include-version'] && { version: versionObject }),
        ...(values['include-favorited-by-current-user-status'] && { isFavoritedByCurrentUser: false }),
        ...include(call, page, kind, wanted),
        _links: { ..._links, base: base(call.site) },
      },
      1,
    )
  }),
  ...subContent(kind),
]

/** The deprecated list of child pages: what hangs below folders is silently left out. */
const children = endpoint(
  '/pages/:id/children',
  { sort: sort(['child-position', 'created-date', 'id', 'modified-date']), cursor: text, limit },
  (call, values) => {
    const parent = visible(call.site, 'pages', call.id)
    if (!parent) return missingContent(call.site, 'pages', call.id)
    // The sandbox keeps no child positions: children stand in the order of their creation.
    const by = values.sort.by === 'child-position' ? 'id' : values.sort.by
    return list(
      call,
      orderedBy(call.site.pages, { ...values.sort, by }),
      values,
      (page) => page.parentId === parent.id && page.status === 'current' && !page.restricted,
      (page) => ({
        id: String(page.id),
        status: page.status,
        title: page.title,
        spaceId: String(page.spaceId),
        childPosition: page.id - parent.id,
      }),
    )
  },
)

const spaceTypes = [
  'global',
  'collaboration',
  'knowledge_base',
  'personal',
  'system',
  'onboarding',
  'xflow_sample_space',
] as const
const spaceStatuses = ['current', 'archived'] as const
const described = {
  'description-format': oneOf('SpaceDescriptionBodyRepresentation', ['plain', 'view'], null),
  'include-icon': flag(false),
}
const spaceValue = {
  id: (space: Space) => space.id,
  key: (space: Space) => space.key,
  name: (space: Space) => space.name,
}

const spaces = endpoint(
  '/spaces',
  {
    ...described,
    ids: ids(250),
    keys: texts(250),
    type: oneOf<(typeof spaceTypes)[number], null>('SpaceType', spaceTypes, null),
    status: someOf('List<SpaceStatus>', spaceStatuses, spaceStatuses),
    labels: texts(250),
    'favorited-by': text,
    'not-favorited-by': text,
    sort: sort(['id', 'key', 'name']),
    cursor: text,
    limit,
  },
  (call, values) => {
    const keyOf = spaceValue[values.sort.by]
    const position = (space: Space): Position => [keyOf(space), space.id]
    const items = [...call.site.spaces.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    return list(
      call,
      { items, position },
      values,
      (space) =>
        (values.ids?.has(space.id) ?? true) &&
        (values.keys?.has(space.key) ?? true) &&
        (values.type === null || values.type === space.type) &&
        values.status.has(space.status) &&
        // Nobody has labelled a space or marked one as a favourite.
        values.labels === null &&
        values['favorited-by'] === null,
      (space) => spaceRow(call.world, space, values['description-format'], values['include-icon']),
    )
  },
)

const space = endpoint('/spaces/:id', described, (call, values) => {
  const one = spaceById(call.site, call.id)
  if (!one) return missingSpace(call.id)
  const row = spaceRow(call.world, one, values['description-format'], values['include-icon'])
  return found({ ...row, _links: { ...row._links, base: base(call.site) } }, 1)
})

const spaceDetail = (path: string, rows: readonly unknown[]) =>
  endpoint(`/spaces/:id/${path}`, {}, (call) =>
    spaceById(call.site, call.id) ? shortList(call, rows) : missingSpace(call.id),
  )

const dataPolicies = endpoint('/data-policies/spaces', {}, (call) =>
  shortList(
    call,
    [...call.site.spaces.values()].map((one) => ({
      id: String(one.id),
      key: one.key,
      name: one.name,
      dataPolicy: { anyContentBlocked: one.blocked },
    })),
  ),
)

/** Every endpoint that apps with `read:page:confluence` and `read:space:confluence` may call. */
export const endpoints: readonly Endpoint[] = [
  spaces,
  space,
  spaceDetail('labels', []),
  spaceDetail('content/labels', []),
  spaceDetail('properties', []),
  spaceDetail('permissions', []),
  endpoint('/spaces/:id/operations', {}, (call) =>
    spaceById(call.site, call.id)
      ? found({ operations: [{ operation: 'read', targetType: 'space' }] }, 1)
      : missingSpace(call.id),
  ),
  dataPolicies,
  children,
  ...content.flatMap(contentEndpoints),
]
