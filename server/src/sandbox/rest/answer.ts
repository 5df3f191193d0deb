/** What an endpoint answers, before the gateway adds headers. */
export interface Answer {
  status: number
  body: unknown
  /** How many pages, spaces and the like it holds: each costs a point. */
  objects: number
  /** The relative URL of the next page of a list. */
  next?: string
  /** Headers of this answer alone. */
  headers?: Record<string, string>
}

/** A successful answer that costs `1 + objects` points. */
export const found = (body: unknown, objects: number, next?: string): Answer => ({
  status: 200,
  body,
  objects,
  ...(next && { next }),
})

const failed = (status: number, code: string, title: string, detail: string | null): Answer => ({
  status,
  body: { errors: [{ status, code, title, detail }] },
  objects: 0,
})

/** REST v2's 404. The bare title `Not Found` is what a rejected credential gets. */
export const notFound = (title = 'Not Found'): Answer => failed(404, 'NOT_FOUND', title, null)

/** REST v2's 403 for a person whose site has no Confluence for them. */
export const noConfluence = (): Answer => failed(403, 'FORBIDDEN', 'Current user not permitted to use Confluence', null)

/** REST v2's 400 for a parameter that it cannot read. */
export const invalidParameter = (name: string, expected: string, detail: string): Answer =>
  failed(
    400,
    'INVALID_REQUEST_PARAMETER',
    `Provided value for '${name}' is not the correct type. Expected type is ${expected}.`,
    detail,
  )

/** The recorded answer to a cursor that was made up, cut off or made for another order. */
export const invalidCursor = (): Answer =>
  invalidParameter(
    'cursor',
    'Cursor',
    'The provided cursor was not valid. You can get a new valid cursor by making the original pagination request again.',
  )

/** The gateway in front of the product has error bodies of its own. */
export const gatewayError = (code: number, message: string): Answer => ({
  status: code,
  body: { code, message },
  objects: 0,
})
