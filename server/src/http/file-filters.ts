import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Schema, User } from '../db/schema.ts'
import type { userFilesQuery } from './carbon-schemas.ts'

type Condition = Expression<SqlBool>

/** What is left out does not filter. */
const when = <T>(value: T | null | undefined, condition: (value: T) => Condition): Condition[] =>
  value === null || value === undefined ? [] : [condition(value)]

const oneOf = (column: string, type: 'text' | 'int') => (values: readonly (string | number)[]) =>
  sql<boolean>`${sql.ref(column)} = any(${values}::${sql.raw(type)}[])`

/** The pages of a user that a query asks for. All filters are joined by AND; a list matches any of its values. */
export function matching(
  eb: ExpressionBuilder<Schema, 'pages'>,
  user: User,
  { filters, pagination }: z.output<typeof userFilesQuery>,
) {
  return eb.and([
    eb('pages.user_id', '=', user.id),
    eb('pages.id', '>', pagination.starting_id),
    ...when(filters?.source, (sources) => sql<boolean>`${sources.includes('CONFLUENCE')}::boolean`),
    ...when(filters?.name, (name) => sql<boolean>`strpos(lower(pages.title), lower(${name})) > 0`),
    ...when(filters?.ids, oneOf('pages.id', 'int')),
    ...when(filters?.external_file_ids, oneOf('pages.page_id', 'text')),
    ...when(filters?.external_urls, oneOf('pages.url', 'text')),
    ...when(filters?.sync_statuses, oneOf('pages.sync_status', 'text')),
    ...when(filters?.organization_user_data_source_id, oneOf('pages.connection_id', 'int')),
    ...when(filters?.request_ids, oneOf('pages.request_id', 'text')),
    ...when(filters?.upload_ids, oneOf('pages.upload_id', 'text')),
  ])
}
