import { z } from '@hono/zod-openapi'
import { looseObject, timestamp } from './carbon-schemas.ts'
import { keysetCursor } from './keyset.ts'
import { boolean, MAX_INT } from './lax.ts'
import { id, limit } from './query-params.ts'

/** Carbon's states of a file, with those that this server never sets. */
const pageStatus = z.enum([
  'DELAYED',
  'EVALUATING_RESYNC',
  'QUEUED_FOR_OCR',
  'QUEUED_FOR_SYNC',
  'RATE_LIMITED',
  'READY',
  'READY_TO_SYNC',
  'SYNCING',
  'SYNC_ABORTED',
  'SYNC_ERROR',
])

export const page = z
  .object({
    id: z.number().int(),
    connectionId: z.number().int(),
    externalId: z.string(),
    kind: z.enum(['page', 'blogpost']).openapi({ description: 'Blog posts are synced with `SYNC_BLOG_POSTS`.' }),
    parentExternalId: z.string().nullable(),
    spaceId: z.string().nullable(),
    title: z.string().nullable(),
    url: z.string().nullable(),
    version: z.number().int().nullable(),
    status: pageStatus,
    error: z.string().nullable(),
    tags: looseObject,
    createdAt: timestamp.nullable(),
    updatedAt: timestamp.nullable(),
    syncedAt: timestamp.nullable(),
    contents: z
      .object({ html: z.string(), text: z.string(), markdown: z.string() })
      .nullable()
      .openapi({ description: 'Paths, for the same credentials; null without content.' }),
  })
  .openapi('Page')

export const pageList = z
  .object({
    pages: z.array(page),
    nextCursor: z.string().nullable(),
    total: z.number().int().nullable().openapi({ description: 'Null unless it was asked for.' }),
  })
  .openapi('Pages')

const search = z.string().max(500).openapi({ description: 'Part of a title, in any case.' })

/** A list in a query: the name repeated, or commas between. */
const statuses = z
  .preprocess(
    (value) => [value].flat().flatMap((each) => (typeof each === 'string' ? each.split(',') : each)),
    z.array(pageStatus).max(20),
  )
  .openapi({ type: 'array', items: { type: 'string', enum: pageStatus.options } })

export const pageQuery = z.object({
  connectionId: id.optional(),
  requestId: z.string().max(200).optional(),
  search: search.optional(),
  status: statuses.optional(),
  sort: z.enum(['id', 'title', 'status', 'createdAt', 'updatedAt', 'syncedAt']).default('id').openapi({
    description: 'Pages without a value come last, in both directions.',
  }),
  direction: z.enum(['asc', 'desc']).default('asc'),
  cursor: keysetCursor,
  limit,
  total: boolean.default(false).openapi({ description: 'Count all that match.' }),
})

/** Ids in one call. */
const MAX_IDS = 10_000
const ids = z.array(z.number().int().positive().max(MAX_INT)).max(MAX_IDS)
// Strict: with a mistyped name left out, "all that match" would be all there are.
export const pageFilter = z.strictObject({ search: search.optional(), status: z.array(pageStatus).max(20).optional() })

const byIds = z.strictObject({ ids })
const allThatMatch = z.strictObject({ all: pageFilter, except: ids.optional() })

export const pageSelection = z.union([byIds, allThatMatch]).openapi('PageSelection', {
  description: 'Pages of the connection: by their ids, or all that match but a few. `{"all": {}}` is every page.',
})

const deleteOptions = {
  sendWebhook: z.boolean().optional().openapi({ description: 'Send FILE_DELETED for each page. False by default.' }),
}
export const deletePagesInput = z
  .union([byIds.extend(deleteOptions), allThatMatch.extend(deleteOptions)])
  .openapi('DeletePagesInput')

export const pageAction = z
  .object({ count: z.number().int().openapi({ description: 'How many pages it was begun for.' }) })
  .openapi('PageAction')
