import { createRoute } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { dataSourceQuery, dataSourceResponse } from './carbon-schemas.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'
import { dataSourceView } from './views.ts'

/** Carbon's data sources: the connected accounts. */
export function dataSourceRoutes({ db }: Services, authenticate: Authenticator) {
  const route = createRoute({
    method: 'post',
    path: '/user_data_sources',
    tags: ['Data Sources'],
    summary: 'The data sources of this user',
    security: asUser,
    request: jsonBody(dataSourceQuery),
    responses: carbonAnswers(dataSourceResponse),
  })
  const router = createRouter<Authenticated>()
  router.use(route.path, authenticate.user)
  return router.openapi(route, async (c) => {
    const { user } = c.var
    const { pagination, order_by, order_dir, filters } = c.req.valid('json')
    let query = db.selectFrom('connections').where('user_id', '=', user.id)
    if (filters?.source && !filters.source.includes('CONFLUENCE')) query = query.where(sql<boolean>`false`)
    if (filters?.ids) query = query.where('id', '=', sql<number>`any(${filters.ids}::int[])`)
    if (typeof filters?.revoked_access === 'boolean')
      query = query.where('status', filters.revoked_access ? '!=' : '=', 'active')
    if (filters?.tags && Object.keys(filters.tags).length > 0)
      query = query.where(sql<boolean>`tags @> ${JSON.stringify(filters.tags)}::jsonb`)
    if (pagination.starting_id > 0) query = query.where('id', '>', pagination.starting_id)
    const { count } = await query.select((eb) => eb.fn.countAll<string>().as('count')).executeTakeFirstOrThrow()
    const rows = await query
      .selectAll()
      .orderBy(order_by, order_dir)
      .orderBy('id', order_dir)
      .limit(pagination.limit)
      .offset(pagination.offset)
      .execute()
    return c.json({ results: rows.map((row) => dataSourceView(row, user)), count: Number(count) }, 200)
  })
}
