import { z } from '@hono/zod-openapi'

// What Carbon's clients send where its document says "integer", "boolean" or "string": its server was lax, and so is this one. Numbers come as
// strings, booleans as words, and null for whatever is left out.

/** The ids and counts of Carbon's clients are signed 32 bit. */
export const MAX_INT = 2_147_483_647

const fromText = (value: unknown) =>
  typeof value === 'string' && /^\s*[+-]?\d+(\.0+)?\s*$/.test(value) ? Number(value) : value

/** A whole number, also as text. */
export const integer = z
  .preprocess((value) => (typeof value === 'boolean' ? Number(value) : fromText(value)), z.number().int())
  .pipe(
    z
      .number()
      .min(-MAX_INT - 1)
      .max(MAX_INT),
  )
  .openapi({ type: 'integer', minimum: -MAX_INT - 1, maximum: MAX_INT })

const words: Record<string, boolean> = {
  true: true,
  t: true,
  yes: true,
  y: true,
  on: true,
  '1': true,
  false: false,
  f: false,
  no: false,
  n: false,
  off: false,
  '0': false,
}

/** A boolean, also as `1`, `"true"` and the like. */
export const boolean = z
  .preprocess(
    (value) =>
      typeof value === 'string' || typeof value === 'number'
        ? (words[String(value).trim().toLowerCase()] ?? value)
        : value,
    z.boolean(),
  )
  .openapi({ type: 'boolean' })

/** Text, also as a number. */
export const text = z
  .preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string())
  .openapi({ type: 'string' })

/** A value that may be left out or null, with what that means. */
export const orDefault = <T extends z.ZodType>(schema: T, fallback: z.output<T>) =>
  schema.nullish().transform((value) => value ?? fallback)

/** A list, or a single value in place of one. */
export const oneOrMany = <T extends z.ZodType>(schema: T) =>
  z.union([z.array(schema), schema.transform((value) => [value])])
