import { type Expression, type SqlBool, sql } from 'kysely'

/**
 * Whether a column holds a text, in any case.
 *
 * A pattern, because the planner estimates from its statistics how often one matches, and for a function guesses a third of all
 * rows: it then walks all of them in the order asked for, to find the few that match.
 */
export const contains = (column: string, text: string): Expression<SqlBool> =>
  sql<boolean>`${sql.ref(column)} ilike ${`%${text.replace(/[\\%_]/g, '\\$&')}%`}`
