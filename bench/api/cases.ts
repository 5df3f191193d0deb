import { FREQUENT, HOME, HOME_SPACE, type Query, RARE } from './seed.ts'
import { belowCondition, countFiles, countItems, filesWhere, itemsWhere, PAGE, tagCondition, tagTree } from './sql.ts'

/** One read: the call, and the SQL that its answer needs. */
export interface Case {
  name: string
  path: string
  body: unknown
  bare: { text: string; values: unknown[] }[]
  /** Cases of one name read by id, from different places, in percent of the ids: their times must not grow. */
  keyset?: { of: string; at: number }
  /** Shown for comparison: no requirement is about its ratio. */
  informative?: boolean
}

const PLACES = [0, 50, 99]

interface Place {
  at: number
  id: number
}

/** The ids after which the pages at some places begin. */
async function placesOf(query: Query, table: 'pages' | 'items', owner: string): Promise<Place[]> {
  const places: Place[] = []
  for (const at of PLACES) {
    const [row] = await query<{ id: number }>(
      `select id from ${table} where ${owner} = 1 order by id
       offset (select (count(*) * $1::int / 100)::int from ${table} where ${owner} = 1) limit 1`,
      [at],
    )
    places.push({ at, id: at === 0 ? 0 : (row?.id ?? 0) })
  }
  return places
}

const files = (name: string, filters: unknown, condition: string, values: unknown[] = []): Case => ({
  name: `user_files_v2: ${name}`,
  path: '/user_files_v2',
  body: { pagination: PAGE, filters },
  bare: [
    { text: filesWhere(condition, 'page.updated_at, page.id'), values: [1, ...values] },
    { text: countFiles(condition), values: [1, ...values] },
  ],
})

const fileKeyset = ({ at, id }: Place, path: string, counts: boolean): Case => ({
  name: `${path.slice(1)}: keyset page at ${at} %`,
  path,
  body: { pagination: { ...PAGE, starting_id: id }, order_by: 'id' },
  bare: [
    { text: filesWhere('page.id > $2', 'page.id'), values: [1, id] },
    ...(counts ? [{ text: countFiles('true'), values: [1] }] : []),
  ],
  keyset: { of: path.slice(1), at },
  // So fast that most of its time is HTTP.
  informative: !counts,
})

const items = (name: string, body: object, condition: string, values: unknown[] = []): Case => ({
  name: `items/list: ${name}`,
  path: '/integrations/items/list',
  body: { data_source_id: 1, pagination: PAGE, ...body },
  bare: [
    { text: itemsWhere(condition, 'lower(item.name), item.id'), values: [1, ...values] },
    { text: countItems(condition), values: [1, ...values] },
  ],
})

const allPages = { data_source_id: 1, filters: { item_types: ['PAGE'] } }

const itemKeyset = ({ at, id }: Place): Case => ({
  name: `items/list: keyset page at ${at} %`,
  path: '/integrations/items/list',
  body: { ...allPages, pagination: { ...PAGE, starting_id: id }, order_by: 'id' },
  bare: [
    { text: itemsWhere(`item.type = 'PAGE' and item.id > $2`, 'item.id'), values: [1, id] },
    { text: countItems(`item.type = 'PAGE'`), values: [1] },
  ],
  keyset: { of: 'items/list', at },
})

const named = (word: string) => ({ filters: { name: word.toLowerCase() } })

/** The cases of one seeded database, for its big customer: user 1, connection 1. */
export async function casesOf(query: Query): Promise<Case[]> {
  const filePlaces = await placesOf(query, 'pages', 'user_id')
  const itemPlaces = await placesOf(query, 'items', 'connection_id')
  return [
    files('first page', undefined, 'true'),
    ...filePlaces.map((place) => fileKeyset(place, '/user_files_v2', true)),
    ...filePlaces.map((place) => fileKeyset(place, '/user_files', false)),
    files('tag tree', { tags_v2: tagTree }, tagCondition),
    files('name search, frequent word', named(FREQUENT).filters, 'page.title ilike $2', [`%${FREQUENT}%`]),
    files('name search, rare word', named(RARE).filters, 'page.title ilike $2', [`%${RARE}%`]),
    {
      name: 'user_files_v2: count alone',
      path: '/user_files_v2',
      body: { pagination: { limit: 0 } },
      bare: [{ text: countFiles('true'), values: [1] }],
    },
    items('first page (spaces)', {}, `item.type = 'SPACE'`),
    items('first page below a page', { parent_id: HOME }, 'item.parent_external_id = $2', [HOME]),
    ...itemPlaces.map(itemKeyset),
    items('name search, frequent word', named(FREQUENT), 'item.name ilike $2', [`%${FREQUENT}%`]),
    items('name search, rare word', named(RARE), 'item.name ilike $2', [`%${RARE}%`]),
    items(
      'name search below a space',
      { parent_id: HOME_SPACE, ...named(FREQUENT) },
      `item.name ilike $2 and ${belowCondition}`,
      [`%${FREQUENT}%`, HOME_SPACE],
    ),
    {
      name: 'items/list: count alone, all pages',
      path: '/integrations/items/list',
      body: { ...allPages, pagination: { limit: 0 } },
      bare: [{ text: countItems(`item.type = 'PAGE'`), values: [1] }],
    },
  ]
}
