import { Hono } from 'hono'
import { createGauges } from '../metrics/gauges.ts'
import { measureProcess } from '../metrics/metrics.ts'
import type { Services } from '../services.ts'

/** What Prometheus reads. Without a key: it holds numbers only, and names nobody. */
export function metricsRoutes(services: Pick<Services, 'config' | 'db' | 'queue' | 'log' | 'metrics'>) {
  const router = new Hono()
  if (!services.config.metrics) return router
  const { registry } = services.metrics
  measureProcess(services.metrics)
  const refresh = createGauges(services)
  router.get('/metrics', async (c) => {
    await refresh()
    c.header('cache-control', 'no-store')
    return c.body(await registry.metrics(), 200, { 'content-type': registry.contentType })
  })
  return router
}
