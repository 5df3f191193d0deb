// What answers need, as SQL written by hand: the rows that are shown are found first, and only for them is looked up what is told
// beyond the row.

const LIMIT = 100

/** Rows on each page. */
export const PAGE = { limit: LIMIT }

const files = `page.id, page.organization_id, page.user_id, page.connection_id, page.page_id, page.space_id, page.parent_id,
  page.title, page.url, page.version, page.parsed_text_format, page.sync_status, page.sync_error_message, page.tags,
  page.request_id, page.upload_id, page.source_created_at, page.source_updated_at, page.synced_at, page.created_at,
  page.updated_at, page.html_bytes, page.text_characters, page.html is not null as has_content`

/** Files of user `$1`. */
export const filesWhere = (condition: string, order: string) => `
  select page.*, parent.id as parent_file_id
  from (select ${files} from pages as page where user_id = $1 and ${condition} order by ${order} limit ${LIMIT}) as page
  left join pages as parent on parent.connection_id = page.connection_id and parent.page_id = page.parent_id
  order by ${order}`
export const countFiles = (condition: string) =>
  `select count(*) from pages as page where user_id = $1 and ${condition}`

/** Items of connection `$1`. */
export const itemsWhere = (condition: string, order: string) => `
  select item.*, pages.id as file_id, coalesce((
    select true from items as child
    where child.connection_id = item.connection_id and child.parent_external_id = item.external_id
    limit 1), false) as is_expandable
  from (select * from items as item where connection_id = $1 and ${condition} order by ${order} limit ${LIMIT}) as item
  left join pages on pages.connection_id = item.connection_id and pages.page_id = item.external_id
  order by ${order}`
export const countItems = (condition: string) =>
  `select count(*) from items as item where connection_id = $1 and ${condition}`

/** Pages with the tags of `tagTree`. */
export const tagCondition = `(page.tags @> '{"team":"billing"}' or page.tags @> '{"team":["billing"]}'
  or (page.tags @> '{"topics":"topic-1"}' or page.tags @> '{"topics":["topic-1"]}'
      or page.tags @> '{"topics":"topic-2"}' or page.tags @> '{"topics":["topic-2"]}')
    and not (page.tags @> '{"language":"de"}' or page.tags @> '{"language":["de"]}'))`
export const tagTree = {
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

/** Items below item `$3`, at any depth. */
export const belowCondition = `item.id in (
  with recursive tree as (
    select id, external_id from items where connection_id = $1 and parent_external_id = $3
    union
    select items.id, items.external_id from items join tree on items.parent_external_id = tree.external_id
    where items.connection_id = $1)
  select id from tree)`
