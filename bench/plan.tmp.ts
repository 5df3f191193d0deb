import { databases } from './api/databases.ts'
import { sizeOf } from './api/seed.ts'
import { openDatabase } from '../server/src/db/database.ts'
import { listPages } from '../server/src/http/v1-page-list.ts'
import { connectionItemRoutes } from '../server/src/http/v1-items.ts'
import { pageQuery } from '../server/src/http/v1-page-schemas.ts'
import { Hono } from 'hono'
const bench = await databases[0]!.open(sizeOf(Number(process.env.N ?? 300000)))
const { kysely } = await openDatabase({ databaseUrl: bench.env.DATABASE_URL, dataDir: 'x' })
try {
  await bench.bare(`update pages set synced_at = null where id % 7 = 0 and user_id = 1`)
  await bench.bare('vacuum analyze pages')
  const t = async (name: string, f: () => Promise<any>) => { await f(); const s = performance.now(); const r = await f(); console.log(name.padEnd(60), (performance.now() - s).toFixed(1), 'ms'); return r }
  for (const sort of ['id', 'title', 'status', 'createdAt', 'updatedAt', 'syncedAt'])
    for (const direction of ['asc', 'desc'])
      for (const connectionId of [undefined, '1']) for (const extra of [{}, { search: 'invoice' }, { search: 'zanzibar' }, { status: 'SYNC_ERROR' }]) {
        const q = { sort, direction, ...(connectionId && { connectionId }), ...extra }
        const first = await t(`pages ${JSON.stringify(q)}`, () => listPages(kysely, 1, pageQuery.parse(q)))
        if (Object.keys(extra).length) continue
        // deep: cursor in the middle
        let cursor = first.nextCursor
        for (let i = 0; i < 40 && cursor; i++) cursor = (await listPages(kysely, 1, pageQuery.parse({ ...q, cursor, limit: 250 }))).nextCursor ?? cursor
        if (cursor) await t('   later', () => listPages(kysely, 1, pageQuery.parse({ ...q, cursor })))
      }
  for (const q of [{}, { status: 'SYNC_ERROR' }, { search: 'invoice' }])
    await t(`pages total ${JSON.stringify(q)}`, () => listPages(kysely, 1, pageQuery.parse({ ...q, connectionId: '1', total: 'true', limit: '1' })))
  const app = new Hono()
  app.use(async (c, next) => { c.set('user' as never, { id: 1 } as never); await next() })
  app.route('/', connectionItemRoutes({ db: kysely }) as never)
  const items = async (q: object) => { const r = await app.request('/v1/connections/1/items?' + new URLSearchParams(q as never)); if (r.status !== 200) throw new Error(await r.text()); return r.json() as any }
  for (const q of [{}, { parent: '510' }, { parent: '1000010' }, { search: 'invoice' }, { search: 'zanzibar' }, { search: 'space' }, { parent: '510', search: 'invoice' }])
    for (const sort of ['id', 'name']) {
      const first = await t(`items ${JSON.stringify({ ...q, sort })}`, () => items({ ...q, sort }))
      let cursor = first.nextCursor
      for (let i = 0; i < 20 && cursor; i++) cursor = (await items({ ...q, sort, cursor, limit: 250 })).nextCursor ?? cursor
      if (cursor) await t('   later', () => items({ ...q, sort, cursor }))
    }
} finally { await kysely.destroy(); await bench.close() }
