import { FREQUENT, type Query, RARE } from './seed.ts'

/** One read: the call, and the SQL that its answer needs, written by hand. */
export interface Case {
  name: string
  path: string
  body: unknown
  bare: { text: string; values: unknown[] }[]
  /** Cases of one name read by id, from different places: their times must not grow. In percent of the ids. */
  keyset?: { of: string; at: number }
}

const LIMIT = 100
/** The places in the ids from which keyset reads start, in percent. */
const PLACES = [0, 50, 99]

const file = `page.id, page.organization_id, page.user_id, page.connection_id, page.page_id, page.space_id, page.parent_id,
  page.title, page.url, page.version, page.parsed_text_format, page.sync_status, page.sync_error_message, page.tags,
  page.request_id, page.upload_id, page.source_created_at, page.source_updated_at, page.synced_at, page.created_at,
  page.updated_at, page.html_bytes, page.text_characters, page.html is not null as has_content, parent.id as parent_file_id`
const fileTables = `pages as page left join pages as parent
  on parent.connection_id = page.connection_id and parent.page_id = page.parent_id and parent.user_id = page.user_id`

const filesWhere = (condition: string, order: string) =>
  `select ${file} from ${fileTables} where page.user_id = $1 and ${condition} order by ${order} limit ${LIMIT}`
const countWhere = (condition: string) => `select count(*) from pages as page where page.user_id = $1 and ${condition}`

const item = `item.*, pages.id as file_id, exists (select from items as child
  where child.connection_id = item.connection_id and child.type = 'PAGE' and child.parent_external_id = item.external_id) as is_expandable`
const itemTables = `items as item left join pages
  on pages.connection_id = item.connection_id and pages.page_id = item.external_id and item.type = 'PAGE'`
const itemsWhere = (condition: string, order: string) =>
  `select ${item} from ${itemTables} where item.connection_id = $1 and ${condition} order by ${order} limit ${LIMIT}`
const countItemsWhere = (condition: string) =>
  `select count(*) from items as item where item.connection_id = $1 and ${condition}`

const tagTree = {
  OR: [
    { key: 'team', value: 'billing' },
    {
      AND: [
        { key: 'topics', value: ['topic-1', 'topic-2'] },
        { key: 'language', value: 'de', negate: true },
      ],
    },
  ],
}
const tagSql = `(page.tags @> '{"team":"billing"}' or page.tags @> '{"team":["billing"]}'
  or (page.tags @> '{"topics":"topic-1"}' or page.tags @> '{"topics":["topic-1"]}'
      or page.tags @> '{"topics":"topic-2"}' or page.tags @> '{"topics":["topic-2"]}')
    and not (page.tags @> '{"language":"de"}' or page.tags @> '{"language":["de"]}'))`

/** The cases of one seeded database, for its big customer: user 1, connection 1. */
export async function casesOf(query: Query): Promise<Case[]> {
  const idAt = async (table: string, owner: string, percent: number): Promise<number> => {
    const [row] = await query<{ id: number }>(
      `select id from ${table} where ${owner} = 1 order by id
       offset (select (count(*) * $1::int / 100)::int from ${table} where ${owner} = 1) limit 1`,
      [percent],
    )
    return percent === 0 ? 0 : (row?.id ?? 0)
  }
  const placesOf = async (table: string, owner: string) => {
    const places: { at: number; id: number }[] = []
    for (const at of PLACES) places.push({ at, id: await idAt(table, owner, at) })
    return places
  }
  const filePlaces = await placesOf('pages', 'user_id')
  const itemPlaces = await placesOf('items', 'connection_id')
  const pagination = { limit: LIMIT }
  const one = [1]
  const onePage = { data_source_id: 1, filters: { item_types: ['PAGE'] } }

  const files = (name: string, filters: unknown, condition: string, values: unknown[] = one): Case => ({
    name: `user_files_v2: ${name}`,
    path: '/user_files_v2',
    body: { pagination, filters },
    bare: [
      { text: filesWhere(condition, 'page.updated_at, page.id'), values },
      { text: countWhere(condition), values },
    ],
  })
  const items = (name: string, body: object, condition: string, values: unknown[] = one): Case => ({
    name: `items/list: ${name}`,
    path: '/integrations/items/list',
    body: { data_source_id: 1, pagination, ...body },
    bare: [
      { text: itemsWhere(condition, 'item.name, item.id'), values },
      { text: countItemsWhere(condition), values },
    ],
  })

  return [
    files('first page', undefined, 'true'),
    {
      name: 'user_files_v2: count alone',
      path: '/user_files_v2',
      body: { pagination: { limit: 0 } },
      bare: [{ text: countWhere('true'), values: one }],
    },
    ...filePlaces.map(
      ({ at, id }): Case => ({
        name: `user_files_v2: keyset page at ${at} %`,
        path: '/user_files_v2',
        body: { pagination: { limit: LIMIT, starting_id: id }, order_by: 'id' },
        bare: [
          { text: filesWhere('page.id > $2', 'page.id'), values: [1, id] },
          { text: countWhere('true'), values: one },
        ],
        keyset: { of: 'user_files_v2', at },
      }),
    ),
    ...filePlaces.map(
      ({ at, id }): Case => ({
        name: `user_files (no count): keyset page at ${at} %`,
        path: '/user_files',
        body: { pagination: { limit: LIMIT, starting_id: id }, order_by: 'id' },
        bare: [{ text: filesWhere('page.id > $2', 'page.id'), values: [1, id] }],
        keyset: { of: 'user_files (no count)', at },
      }),
    ),
    files('tag tree', { tags_v2: tagTree }, tagSql),
    files('name search, frequent word', { name: FREQUENT.toLowerCase() }, 'page.title ilike $2', [1, `%${FREQUENT}%`]),
    files('name search, rare word', { name: RARE.toLowerCase() }, 'page.title ilike $2', [1, `%${RARE}%`]),
    items('first page (spaces)', {}, 'item.parent_external_id is null'),
    items('children of a space', { parent_id: '510' }, 'item.parent_external_id = $2', [1, '510']),
    {
      name: 'items/list: count alone, all pages',
      path: '/integrations/items/list',
      body: { ...onePage, pagination: { limit: 0 } },
      bare: [{ text: countItemsWhere(`item.type = 'PAGE'`), values: one }],
    },
    ...itemPlaces.map(
      ({ at, id }): Case => ({
        name: `items/list: keyset page at ${at} %`,
        path: '/integrations/items/list',
        body: { ...onePage, pagination: { limit: LIMIT, starting_id: id }, order_by: 'id' },
        bare: [
          { text: itemsWhere(`item.type = 'PAGE' and item.id > $2`, 'item.id'), values: [1, id] },
          { text: countItemsWhere(`item.type = 'PAGE'`), values: one },
        ],
        keyset: { of: 'items/list', at },
      }),
    ),
    items('name search, frequent word', { filters: { name: FREQUENT.toLowerCase() } }, 'item.name ilike $2', [
      1,
      `%${FREQUENT}%`,
    ]),
    items('name search, rare word', { filters: { name: RARE.toLowerCase() } }, 'item.name ilike $2', [1, `%${RARE}%`]),
  ]
}
