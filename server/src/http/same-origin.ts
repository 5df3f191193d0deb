import type { Context } from 'hono'

/**
 * Whether a page of another origin asks. Browsers tell; where one does not, the secret that comes with the request, a cookie
 * or a link, still has to be right.
 */
export const isForeign = (c: Context) => !['same-origin', undefined].includes(c.req.header('sec-fetch-site'))
