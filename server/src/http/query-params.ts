import { z } from '@hono/zod-openapi'
import { MAX_INT } from './lax.ts'

/** An id of ours in a path or a query. */
export const id = z.coerce.number().int().positive().max(MAX_INT)

/** Rows of one answer. */
export const limit = z.coerce.number().int().min(1).max(250).default(50)
