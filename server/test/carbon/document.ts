import { readFileSync } from 'node:fs'

/** A JSON schema, as far as the tests read it. */
export interface JsonSchema {
  $ref?: string
  type?: string
  enum?: unknown[]
  anyOf?: JsonSchema[]
  items?: JsonSchema
  maxItems?: number
  minimum?: number
  exclusiveMinimum?: number
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  required?: string[]
}

interface DescribedOperation {
  parameters?: { name: string; in: string; schema: JsonSchema }[]
  security?: Record<string, unknown>[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { content: Record<string, { schema: JsonSchema }> }>
}

interface Document {
  paths: Record<string, Record<string, DescribedOperation>>
  components: { schemas: Record<string, JsonSchema> }
}

/** Whose credentials an operation takes: an API key, an API key with a customer, or that and access tokens too. */
export type Credentials = 'organization' | 'customer' | 'user'

/** One operation of Carbon's. */
export interface Operation {
  /** Like `POST /user_files_v2`. */
  name: string
  method: string
  /** With its parameters in braces. */
  path: string
  credentials: Credentials
  /** The names of the path's parameters. */
  parameters: string[]
  request: JsonSchema | undefined
  response: JsonSchema
  /** True for the concrete paths of the operation. */
  matches(path: string): boolean
}

/** Carbon's document, parsed anew. */
export const readDocument = (): Document => JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'))

export const document = readDocument()

function credentialsOf({ security }: DescribedOperation): Credentials {
  if (!security) return 'customer'
  return security.some((way) => 'accessToken' in way) ? 'user' : 'organization'
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&')

function operation(method: string, path: string, described: DescribedOperation): Operation {
  const pattern = new RegExp(`^${escapeRegExp(path).replace(/\{\w+\}/g, '[^/]+')}$`)
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    credentials: credentialsOf(described),
    parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    request: described.requestBody?.content['application/json']?.schema,
    response: described.responses['200']?.content['application/json']?.schema ?? {},
    matches: (concrete) => pattern.test(concrete),
  }
}

/** The operations of the document, in its order. */
export const operations: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => operation(method, path, described)),
)

/** The schema that a reference of the document names. */
export function resolve(schema: JsonSchema): JsonSchema {
  if (!schema.$ref) return schema
  const name = schema.$ref.replace('#/components/schemas/', '')
  const found = document.components.schemas[name]
  if (!found) throw new Error(`The document has no schema ${name}.`)
  return found
}
