import { parse } from 'hono/utils/cookie'
import type { Visitor } from '../api.ts'

export const visitors: [Visitor, ...Visitor[]] = [
  { id: 'ada', name: 'Ada' },
  { id: 'grace', name: 'Grace' },
]

export const cookieName = 'acme_visitor'

export const findVisitor = (id: unknown): Visitor | undefined => visitors.find((visitor) => visitor.id === id)

/**
 * Who is signed in. A real app looks up a session here and has nobody where there is none; a cookie that anyone can write
 * would give away every customer's pages.
 */
export const visitorOf = (request: Request): Visitor =>
  findVisitor(parse(request.headers.get('cookie') ?? '', cookieName)[cookieName]) ?? visitors[0]
