import { createRoute, z } from '@hono/zod-openapi'
import { deleteFiles } from '../files/deletions.ts'
import type { FileFilters } from '../files/filters.ts'
import type { Services } from '../services.ts'
import { resyncFiles } from '../sync/resync.ts'
import type { Authenticated } from './auth.ts'
import { HttpError } from './errors.ts'
import { findActiveConnection, findConnection } from './own-connection.ts'
import { id } from './query-params.ts'
import { asUser, createRouter, jsonBody, ourAnswers } from './routes.ts'
import { tooManyWaiting } from './sync-errors.ts'
import { filtersOf } from './v1-page-list.ts'
import { deletePagesInput, pageAction, pageSelection } from './v1-page-schemas.ts'

/** A selection as filters of files. The connection is always among them: ids of other files match nothing. */
const filtersOfSelection = (connectionId: number, selection: z.output<typeof pageSelection>): FileFilters => ({
  organization_user_data_source_id: [connectionId],
  ...('ids' in selection ? { ids: selection.ids } : { ...filtersOf(selection.all), except_ids: selection.except }),
})

/** What is done with many pages of a connection at once; mounted where the user is known. */
export function connectionPageRoutes(services: Services) {
  const { db } = services
  const params = z.object({ id })
  const common = { tags: ['Pages'], security: asUser }
  const router = createRouter<Authenticated>()

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/connections/{id}/pages/resync',
      summary: 'Fetches pages again',
      description:
        'Pages that are being synced already are left out, and so are ids that are none of this connection’s. More than 10,000 pages are fetched one portion after the other, and change their status as it reaches them; a second time such a call is answered 409 until the first is done.',
      request: { params, ...jsonBody(pageSelection) },
      responses: ourAnswers(pageAction),
      ...common,
    }),
    async (c) => {
      const { user } = c.var
      const connection = await findActiveConnection(db, user, c.req.valid('param').id)
      const filters = filtersOfSelection(connection.id, c.req.valid('json'))
      const started = await resyncFiles(services, connection, user.customer_id, filters)
      if (started.ok) return c.json({ count: started.count }, 200)
      if (started.code === 'too_many_waiting') throw tooManyWaiting()
      throw new HttpError(
        409,
        'unknown',
        'Many pages of this connection are being fetched again already. Wait for that, or stop it with /sync/cancel.',
      )
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/connections/{id}/pages/delete',
      summary: 'Deletes pages here',
      description:
        'Confluence is not touched, and a later sync of the same pages brings them back. The first 500 are gone with the answer, the rest soon after. Ids that are none of this connection’s are left out, so the call can be repeated.',
      request: { params, ...jsonBody(deletePagesInput) },
      responses: ourAnswers(pageAction),
      ...common,
    }),
    async (c) => {
      const { user } = c.var
      const connection = await findConnection(db, user, c.req.valid('param').id)
      const { sendWebhook = false, ...selection } = c.req.valid('json')
      const filters = filtersOfSelection(connection.id, selection)
      const count = await deleteFiles(services, user, { filters, sendWebhook, preserveRecord: false })
      return c.json({ count }, 200)
    },
  )

  return router
}
