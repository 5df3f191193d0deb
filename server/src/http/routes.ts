import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Env } from 'hono'
import type { Authenticated, AuthenticatedOrganization } from './auth.ts'
import { detail } from './carbon-schemas.ts'
import { validationAnswer } from './errors.ts'
import { errorResponse } from './v1-schemas.ts'

/** A router whose refused bodies and queries are answered in one way. */
export const createRouter = <E extends Env>() =>
  new OpenAPIHono<E>({
    defaultHook(result, c) {
      if (!result.success) return validationAnswer(c, result.error, result.target === 'json' ? 'body' : result.target)
    },
  })

/** Routers of one resource that different callers may use. */
export function together(...routers: [OpenAPIHono<Authenticated>, OpenAPIHono<AuthenticatedOrganization>]) {
  const all = new OpenAPIHono()
  for (const router of routers) all.route('/', router as OpenAPIHono)
  return all
}

/** Who may call, for the API description. */
export const asCustomer: Record<string, string[]>[] = [{ apiKey: [], customerId: [] }]
export const asOrganization: Record<string, string[]>[] = [{ apiKey: [] }]
export const asUser: Record<string, string[]>[] = [{ accessToken: [] }, ...asCustomer]

const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** The answers of an operation of Carbon's. */
export const carbonAnswers = <T extends z.ZodType>(schema: T) => ({
  200: json(schema, 'Successful Response'),
  400: json(detail, 'The request cannot be carried out'),
  401: json(detail, 'The credentials are missing or not valid'),
  404: json(detail, 'No such object for this caller'),
  409: json(detail, 'The object is not in a state for this'),
  429: json(detail, 'Too many calls: wait for `Retry-After` seconds'),
})

/** The answers of an operation of ours. */
export const ourAnswers = <T extends z.ZodType>(schema: T) => ({
  200: json(schema, 'Success'),
  400: json(errorResponse, 'The request cannot be carried out'),
  401: json(errorResponse, 'The credentials are missing or not valid'),
  404: json(errorResponse, 'No such object for this user'),
  409: json(errorResponse, 'The object is not in a state for this'),
  503: json(errorResponse, 'Atlassian does not answer'),
})

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
