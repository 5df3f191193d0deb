import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { type Operation, operations, readDocument } from './document.ts'

/** An answer as it came over the wire. */
export interface WireAnswer {
  method: string
  /** As the request line has it; a query is ignored. */
  path: string
  status: number
  contentType: string | undefined
  body: string
}

/** What the contract says of an answer. */
export interface Verdict {
  operation: Operation
  /** Empty when it fits. */
  violations: string[]
}

const MAX_VIOLATIONS = 5

/** Go reads the document's integers as int32 and Java as Integer; the document itself does not bound them. */
function boundIntegers(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(boundIntegers)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, boundIntegers(value)]))
  return copy.type === 'integer' ? { minimum: -(2 ** 31), maximum: 2 ** 31 - 1, ...copy } : copy
}

const errorSchema = {
  type: 'object',
  required: ['detail'],
  properties: { detail: { type: 'string', minLength: 1 } },
  additionalProperties: false,
}

const validationErrorSchema = {
  allOf: [{ $ref: 'carbon#/components/schemas/HTTPValidationError' }],
  // The document requires nothing of it; an error without its reasons helps nobody.
  required: ['detail'],
  properties: { detail: { minItems: 1 } },
}

function createAjv() {
  // Not strict: a schema of OpenAPI may have keywords that are its own, like `deprecated`.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false })
  formats.default(ajv, ['date-time'])
  return ajv.addSchema(boundIntegers(readDocument()) as object, 'carbon')
}

let ajv: ReturnType<typeof createAjv> | undefined
const compiled = new Map<string, ValidateFunction>()

/** Compiled at first use: most tests call few operations. */
function validator(key: string, schema: object): ValidateFunction {
  ajv ??= createAjv()
  const known = compiled.get(key) ?? ajv.compile(schema)
  compiled.set(key, known)
  return known
}

const pointer = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))

function schemaFor({ method, path }: Operation, status: number): object {
  if (status === 422) return validationErrorSchema
  if (status !== 200) return errorSchema
  const place = ['paths', path, method.toLowerCase(), 'responses', '200', 'content', 'application/json', 'schema']
  return { $ref: `carbon#/${place.map(pointer).join('/')}` }
}

function parse(body: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(body) }
  } catch {
    return undefined
  }
}

function violationsOf(operation: Operation, { status, contentType, body }: WireAnswer): string[] {
  if (status !== 200 && status < 400) return [`status ${status}: success is 200 and nothing else`]
  const shape = status === 200 ? operation.name : status === 422 ? 'a refused request' : 'an error'
  return shapeViolations(shape, schemaFor(operation, status), { status, contentType, body })
}

type Content = Pick<WireAnswer, 'status' | 'contentType' | 'body'>

function shapeViolations(shape: string, schema: object, { status, contentType, body }: Content): string[] {
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? ''))
    return [`status ${status}: the content type is ${contentType ?? 'missing'}`]
  const parsed = parse(body)
  if (!parsed) return [`status ${status}: the body is not JSON: ${body.slice(0, 100)}`]
  const validate = validator(shape, schema)
  if (validate(parsed.json)) return []
  return (validate.errors ?? [])
    .slice(0, MAX_VIOLATIONS)
    .map(
      ({ instancePath, message, params }) =>
        `status ${status}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    )
}

/** The operation of a request; undefined where it is none of Carbon's. */
export function operationOf(method: string, path: string): Operation | undefined {
  const [pathname = ''] = path.split('?')
  return operations.find((operation) => operation.method === method.toUpperCase() && operation.matches(pathname))
}

/** Whether an answer fits Carbon's document; undefined where the request was none of its operations. */
export function checkAnswer(answer: WireAnswer): Verdict | undefined {
  const operation = operationOf(answer.method, answer.path)
  return operation && { operation, violations: violationsOf(operation, answer) }
}

/** What is wrong with the answer to a request that is none of Carbon's operations: it must be refused, in the same form. */
export function checkRefusal(answer: WireAnswer): string[] {
  if (answer.status < 400) return [`status ${answer.status}: there is no such operation`]
  return shapeViolations('an error', errorSchema, answer)
}
