/** Runs one statement and gives its rows. */
export type Query = <Row = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>

/** How much there is. */
export interface Size {
  /** Pages of the customer that is measured. */
  pages: number
  /** Of each of the other customers, who share the tables: else filters by user would have nothing to do. */
  pagesPerOther: number
}

export const OTHERS = 50
const SPACES = 200
const SPACES_OF_OTHERS = 40

export const sizeOf = (pages: number): Size => ({ pages, pagesPerOther: Math.ceil(pages / 10 / OTHERS) })

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
const numbered = `
  select n, owner, i, spaces, i % spaces as space, i / spaces as place from (
    select n, case when n % 11 = 10 then 2 + n / 11 % ${OTHERS} else 1 end as owner,
      case when n % 11 = 10 then n / 11 / ${OTHERS} else n / 11 * 10 + n % 11 end as i,
      case when n % 11 = 10 then ${SPACES_OF_OTHERS} else ${SPACES} end as spaces
    from generate_series($1::int, $2::int) as n) as numbers`

/** Confluence's id of page \`i\`; ids of spaces are from another range. */
const pageId = (i: string) => `(1000000 + ${i})::text`
const spaceId = (space: string) => `(500 + ${space})::text`
/** Page trees: the first page of a space is its home, with up to 50 below it; below others there are up to 10. */
const parentPlace = 'case when place <= 50 then 0 else 1 + (place - 51) / 10 end'
const parentId = `case when place > 0 then ${pageId(`(${parentPlace}) * spaces + space`)} end`
/** A home page, and the space that it is in. */
export const HOME = '1000010'
export const HOME_SPACE = '510'

const pick = `words[1 + floor(random() * 60)::int]`
const title = `(select concat_ws(' ', ${pick}, ${pick}, ${pick},
  case when numbers.i % 10000 = 77 then '${RARE}' else ${pick} end, numbers.i) from (select ${words} as words) as vocabulary)`

/** A third has tags: some a text, some a list, as customers send them. */
const tags = `case when random() < 0.33 then jsonb_strip_nulls(jsonb_build_object(
  'team', (array['billing', 'search', 'mobile', 'platform', 'support', 'sales', 'legal', 'people'])[1 + floor(random() * 8)::int],
  'language', (array['en', 'de', 'fr', 'ja'])[1 + floor(random() * 4)::int],
  'topics', case when random() < 0.5 then to_jsonb(array[
    'topic-' || floor(random() * 20)::int, 'topic-' || floor(random() * 20)::int]) end)) else '{}' end`

const insertPages = (size: Size) => `
  insert into pages (organization_id, user_id, connection_id, page_id, space_id, parent_id, parent_type, title, url, status,
    version, storage, html, text, converter_version, sync_status, tags, request_id, upload_id, source_created_at,
    source_updated_at, synced_at, created_at, updated_at)
  select 1, owner, owner, ${pageId('i')}, ${spaceId('space')}, ${parentId},
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
  from (${numbered}) as numbers
  where i < case when owner = 1 then ${size.pages} else ${size.pagesPerOther} end
  order by n`

const insertSpaces = `
  insert into items (connection_id, type, external_id, space_key, name, url, seen_by)
  select owner, 'SPACE', ${spaceId('space')}, 'S' || space, 'Space ' || space,
    'https://acme.atlassian.net/wiki/spaces/S' || space, 1
  from generate_series(1, ${OTHERS} + 1) as owner,
    generate_series(0, case when owner = 1 then ${SPACES} else ${SPACES_OF_OTHERS} end - 1) as space`

const insertItems = `
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
    [CUSTOMER, OTHERS + 1],
  )
  await query(
    `insert into connections (organization_id, user_id, cloud_id, site_name, site_host, account_id, account_name, status,
       sync_status, last_sync_action)
     select 1, id, 'cloud-1', 'Acme', 'acme.atlassian.net', 'account-' || id, 'Jane', 'active', 'READY', 'ADD'
     from users order by id`,
  )
  const last = Math.ceil(size.pages / 10) * 11
  for (let n = 0; n <= last; n += CHUNK) await query(insertPages(size), [n, n + CHUNK - 1])
  await query(insertSpaces)
  const [{ max = 0 } = {}] = await query<{ max: number }>('select max(id) from pages')
  for (let id = 1; id <= max; id += CHUNK) await query(insertItems, [id, id + CHUNK - 1])
  // What autovacuum does in a PostgreSQL, and the server in the embedded database.
  await query('vacuum analyze')
}
