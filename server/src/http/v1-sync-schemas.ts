import { z } from '@hono/zod-openapi'
import { looseObject } from './carbon-schemas.ts'
import { externalId } from './external-id.ts'

// Starting syncs.

const externalIds = z.array(externalId).max(10_000)

export const syncInput = z
  .object({
    spaces: externalIds.optional().openapi({ description: 'Ids of spaces at Confluence: all pages in them.' }),
    pages: externalIds
      .optional()
      .openapi({ description: 'Ids of pages at Confluence. Without both lists, everything.' }),
    walk: z.enum(['all', 'changes', 'sweep']).optional().openapi({
      description:
        'Of everything: `all` fetches each page, and is meant where nothing is said; `changes` what was edited since the last walk; `sweep` looks at every page for what was moved, renamed or deleted. Where no walk over all pages was completed before, the other two begin with that.',
    }),
    incremental: z.boolean().optional().openapi({ description: 'Leave pages alone that are stored as they are.' }),
    tags: looseObject.optional(),
    requestId: z.string().min(1).max(200).optional(),
    parsedTextFormat: z.enum(['PLAIN_TEXT', 'MARKDOWN']).optional(),
  })
  .openapi('SyncInput')
export const startedSync = z
  .object({
    syncId: z.number().int(),
    requestId: z.string(),
    uploadId: z.string(),
    fileIds: z
      .array(z.number().int())
      .openapi({ description: 'Of `pages`; files of spaces appear as they are found.' }),
  })
  .openapi('StartedSync')
