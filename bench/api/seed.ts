/** Runs one statement and gives its rows. */
export type Query = <Row = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>

/** How much there is. */
export interface Size {
  /** Pages of the customer that is measured. */
  pages: number
  spaces: number
  /** Other customers share the tables, or filters by user would have nothing to do. */
  otherUsers: number
  pagesPerOtherUser: number
}

export const sizeOf = (pages: number): Size => ({
  pages,
  spaces: 200,
  otherUsers: 50,
  pagesPerOtherUser: Math.ceil(pages / 500),
})

export const CUSTOMER = 'big-customer'

/** A word in every 20th title or so, and one in every 10,000th. */
export const FREQUENT = 'Invoice'
export const RARE = 'Zanzibar'

const words = `array['Release', 'Notes', 'Design', 'Review', 'Team', 'Weekly', 'Meeting', 'Plan', 'Roadmap', 'Incident',
  'Report', 'Guide', 'Setup', 'Access', 'Policy', 'Invoice', 'Billing', 'Customer', 'Onboarding', 'Checklist', 'Research',
  'Interview', 'Summary', 'Decision', 'Record', 'Architecture', 'Service', 'Database', 'Migration', 'Backup', 'Restore',
  'Monitoring', 'Alert', 'Runbook', 'Deployment', 'Pipeline', 'Testing', 'Strategy', 'Budget', 'Forecast', 'Quarter',
  'Goals', 'Hiring', 'Travel', 'Expenses', 'Security', 'Audit', 'Vendor', 'Contract', 'Legal', 'Privacy', 'Training',
  'Workshop', 'Brand', 'Campaign', 'Launch', 'Feedback', 'Survey', 'Partner', 'Integration']`

/** Rows of one statement: short enough for any limit on the time of a statement. */
const CHUNK = 50_000

/**
 * The numbers of a page, from `n`: every eleventh page belongs to one of the other customers, so that ids of all customers are
 * mixed, as syncs that run beside each other make them.
 */
const numbered = ({ spaces, otherUsers }: Size) => `
  select n, owner, i, i % ${spaces} as space, i / ${spaces} as place from (
    select n, case when n % 11 = 10 then 2 + (n / 11) % ${otherUsers} else 1 end as owner,
      case when n % 11 = 10 then n / 11 / ${otherUsers} else n / 11 * 10 + n % 11 end as i
    from generate_series($1::int, $2::int) as n) as numbers`

/** Confluence's id of page \`i\`; ids of spaces are from another range. */
const pageId = (i: string) => `(1000000 + ${i})::text`
const spaceId = (space: string) => `(500 + ${space})::text`
/** Page trees: the first page of a space is its home, each page has up to five below it. */
const parentPlace = '((place - 1) / 5)'
const parentId = (spaces: number) => `case when place > 0 then ${pageId(`(${parentPlace} * ${spaces} + space)`)} end`

const pick = `words[1 + floor(random() * 60)::int]`
const title = `(select concat_ws(' ', ${pick}, ${pick}, ${pick},
  case when numbers.i % 10000 = 77 then '${RARE}' else ${pick} end, numbers.i) from (select ${words} as words) as vocabulary)`

/** A third has tags: some a text, some a list, as customers send them. */
const tags = `case when random() < 0.33 then jsonb_strip_nulls(jsonb_build_object(
  'team', (array['billing', 'search', 'mobile', 'platform', 'support', 'sales', 'legal', 'people'])[1 + floor(random() * 8)::int],
  'language', (array['en', 'de', 'fr', 'ja'])[1 + floor(random() * 4)::int],
  'topics', case when random() < 0.5 then to_jsonb(array[
    'topic-' || floor(random() * 20)::int, 'topic-' || floor(random() * 20)::int]) end)) else '{}' end`

const pages = (size: Size) => `
  insert into pages (organization_id, user_id, connection_id, page_id, space_id, parent_id, parent_type, title, url, status,
    version, storage, html, text, converter_version, sync_status, tags, request_id, upload_id, source_created_at,
    source_updated_at, synced_at, created_at, updated_at)
  select 1, owner, owner, ${pageId('i')}, ${spaceId('space')}, ${parentId(size.spaces)},
    case when place > 0 then 'page' end, ${title},
    'https://acme.atlassian.net/wiki/spaces/S' || space || '/pages/' || ${pageId('i')}, 'current', 1 + i % 7,
    '<p>The body of page ' || i || ', short on purpose.</p>', '<p>The body of page ' || i || ', short on purpose.</p>',
    'The body of page ' || i || ', short on purpose.', 1,
    case when random() < 0.995 then 'READY' else 'SYNC_ERROR' end, ${tags}, 'request-' || owner || '-' || i / 100000,
    'upload-' || owner, timestamptz '2020-01-01' + n * interval '2 minutes',
    timestamptz '2024-01-01' + random() * interval '900 days', timestamptz '2026-06-01' + n * interval '5 milliseconds',
    timestamptz '2026-06-01' + n * interval '5 milliseconds',
    -- Most rows are as the first sync wrote them; the rest changed since.
    case when random() < 0.7 then timestamptz '2026-06-01' + n * interval '5 milliseconds'
      else timestamptz '2026-06-02' + random() * interval '60 days' end
  from (${numbered(size)}) as numbers
  where owner = 1 and i < ${size.pages} or owner > 1 and i < ${size.pagesPerOtherUser}
  order by n`

const spaces = ({ spaces, otherUsers }: Size) => `
  insert into items (connection_id, type, external_id, space_key, name, url, seen_by)
  select owner, 'SPACE', ${spaceId('space')}, 'S' || space, 'Space ' || space,
    'https://acme.atlassian.net/wiki/spaces/S' || space, 1
  from generate_series(1, ${otherUsers} + 1) as owner, generate_series(0, ${spaces} - 1) as space`

const items = `
  insert into items (connection_id, type, external_id, parent_external_id, source_parent_id, space_id, name, url,
    source_created_at, seen_by)
  select connection_id, 'PAGE', page_id, coalesce(parent_id, space_id), parent_id, space_id, title, url, source_created_at, 1
  from pages where id between $1 and $2 order by id`

/** One organisation, its customers with a connection each, their pages and trees. */
export async function seed(query: Query, size: Size): Promise<void> {
  await query('select setseed(0.42)')
  await query(`insert into organizations (name) values ('Acme Notes')`)
  await query(
    `insert into users (organization_id, customer_id)
     select 1, case when n = 1 then $1 else 'customer-' || n end from generate_series(1, $2::int) as n order by n`,
    [CUSTOMER, size.otherUsers + 1],
  )
  await query(
    `insert into connections (organization_id, user_id, cloud_id, site_name, site_host, account_id, account_name, status,
       sync_status, last_sync_action)
     select 1, id, 'cloud-1', 'Acme', 'acme.atlassian.net', 'account-' || id, 'Jane', 'active', 'READY', 'ADD'
     from users order by id`,
  )
  const last = Math.ceil((size.pages / 10) * 11)
  for (let n = 0; n <= last; n += CHUNK) await query(pages(size), [n, n + CHUNK - 1])
  await query(spaces(size))
  const [{ max = 0 } = {}] = await query<{ max: number }>('select max(id) from pages')
  for (let id = 1; id <= max; id += CHUNK) await query(items, [id, id + CHUNK - 1])
  // What autovacuum does in a PostgreSQL of some hours of age.
  await query('vacuum analyze')
}
