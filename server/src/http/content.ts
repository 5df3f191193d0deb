import { Hono } from 'hono'
import { type ContentFormat, readContent } from '../files/content.ts'
import type { Services } from '../services.ts'
import { HttpError } from './errors.ts'
import { contentFormats, type SignedUrls } from './signed-urls.ts'

/** The contents of pages, for whoever holds a signed link: the signature is the credential, and no other is asked for. */
export function contentRoutes(services: Services, urls: SignedUrls) {
  const router = new Hono()

  router.get('/files/:file', async (c) => {
    const [, idText = '', format = ''] = /^(\d{1,10})\.(html|txt|md)$/.exec(c.req.param('file')) ?? []
    if (!isFormat(format)) throw new HttpError(404, 'unknown', 'There is no such file.')
    const id = Number(idText)
    const verdict = urls.verify(id, format, { expires: c.req.query('expires'), signature: c.req.query('signature') })
    if (verdict === 'expired')
      throw new HttpError(403, 'unknown', 'This link has expired. Fetch a new one from /user_files_v2.')
    if (verdict === 'invalid')
      throw new HttpError(403, 'unknown', 'This link is not valid. Fetch one from /user_files_v2 and use it unchanged.')
    const page = await readContent(services, id, format)
    if (!page) throw new HttpError(404, 'unknown', 'The content of this page is no longer here.')
    c.header('content-type', contentFormats[format])
    c.header('cache-control', 'private, no-store')
    // Content is a customer's: should a browser open it, nothing in it runs, and nothing of this origin is within reach.
    c.header('content-security-policy', "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'")
    c.header('x-content-type-options', 'nosniff')
    return c.body(format === 'html' ? htmlDocument(page.title, page.body) : page.body)
  })

  return router
}

const isFormat = (format: string): format is ContentFormat => format in contentFormats

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const htmlDocument = (title: string, body: string) =>
  `<!doctype html>\n<html>\n<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body dir="auto">\n${body}\n</body>\n</html>\n`
