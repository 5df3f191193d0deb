import { type SelectQueryBuilder, sql } from 'kysely'

/** Carbon's pagination and order, as a list's input gives them. */
interface Page {
  pagination: { limit: number; offset: number; starting_id: number }
  order_by: string
  order_dir: 'asc' | 'desc'
}

/**
 * One page of a list, for Kysely's `$call`. Equal keys are ordered by id, so that pages do not overlap.
 *
 * @param table names the columns where a query has more than one table
 */
export const paged =
  ({ pagination, order_by, order_dir }: Page, table?: string) =>
  <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O> => {
    const column = (name: string) => sql.ref(table ? `${table}.${name}` : name)
    return query
      .where(sql<boolean>`${column('id')} > ${pagination.starting_id}`)
      .orderBy(column(order_by), order_dir)
      .orderBy(column('id'), order_dir)
      .limit(pagination.limit)
      .offset(pagination.offset)
  }

/** How many rows a query has, on all pages. */
export async function countOf<DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): Promise<number> {
  const row = await query.select(sql<string>`count(*)`.as('count')).executeTakeFirstOrThrow()
  return Number((row as { count: string }).count)
}
