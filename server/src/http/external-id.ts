import { z } from '@hono/zod-openapi'

/** Confluence's ids are signed 64 bit. One that is not would be answered 400, and fail a whole request with the others in it. */
const MAX = 9_223_372_036_854_775_807n

/** The id of a page or a space at Confluence. */
export const externalId = z
  .string()
  .regex(/^\d{1,19}$/, 'Confluence ids are digits: take external_id from /integrations/items/list.')
  .refine((id) => !/^\d{19}$/.test(id) || BigInt(id) <= MAX, 'There are no such large ids at Confluence.')
