import { z } from 'zod'

// Rows of Confluence's REST API v2, cut to what we read. Every object may hold more, every enumeration may grow.
// https://developer.atlassian.com/cloud/confluence/rest/v2/

const id = z.coerce.string()

export const spaceRow = z.object({
  id,
  key: z.string(),
  name: z.string(),
  type: z.string().nullish(),
  status: z.string(),
  homepageId: id.nullish(),
  createdAt: z.iso.datetime({ offset: true }).nullish().catch(null),
  _links: z.object({ webui: z.string().nullish() }).nullish(),
})
export type SpaceRow = z.infer<typeof spaceRow>

const body = z.object({ value: z.string() }).nullish()

export const pageRow = z.object({
  id,
  status: z.string(),
  title: z.string(),
  spaceId: id,
  parentId: id.nullish(),
  parentType: z.string().nullish(),
  createdAt: z.iso.datetime({ offset: true }),
  version: z.object({ number: z.number().int(), createdAt: z.iso.datetime({ offset: true }) }),
  body: z.object({ storage: body, atlas_doc_format: body }).nullish(),
  _links: z.object({ webui: z.string().nullish() }).nullish(),
})
/** A page, or a blog post where those are asked for as well. */
export type ConfluencePage = z.infer<typeof pageRow> & { kind?: 'blogpost' }

/** A page of a listing. */
export const listing = <T extends z.ZodType>(row: T) =>
  z.object({
    results: z.array(row),
    _links: z.object({ next: z.string().nullish(), base: z.string().nullish() }).nullish(),
  })

/** `GET /oauth/token/accessible-resources` */
export const resources = z.array(
  z.object({ id: z.string(), name: z.string(), url: z.url(), scopes: z.array(z.string()) }),
)

/** `GET /me` */
export const me = z.object({
  account_id: z.string(),
  name: z.string().nullish(),
  nickname: z.string().nullish(),
  email: z.string().nullish(),
  picture: z.string().nullish(),
})
