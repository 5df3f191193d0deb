import { z } from '@hono/zod-openapi'
import { MAX_INT } from './lax.ts'

/** An id of ours in a path or a query. */
export const id = z.coerce.number().int().positive().max(MAX_INT)

/** Where a list goes on: the last id that was seen. What comes later has greater ids, so nothing is counted or skipped over. */
export const cursor = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number)
  .pipe(z.number().max(MAX_INT))
  .optional()

/** Rows of one answer. */
export const limit = z.coerce.number().int().min(1).max(250).default(50)

/** The cursor after some rows; null where there can be no more. */
export const nextCursor = (rows: readonly { id: number }[], wanted: number): string | null =>
  rows.length < wanted ? null : String(rows.at(-1)?.id)
