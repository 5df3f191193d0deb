/** A node, or a mark, of an Atlassian document, with all that may be missing filled in. */
export interface DocumentNode {
  type: string
  attrs: Fields
  text: string
  marks: readonly DocumentNode[]
  content: readonly DocumentNode[]
}

/** What is in an object; nobody says of what type. */
export type Fields = Readonly<Record<string, unknown>>

/** Reads a node, and what is in it as far as it is looked at; undefined for what is none. */
export function nodeOf(value: unknown): DocumentNode | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { type, attrs, text, marks, content } = fields(value)
  return {
    type: string(type) ?? '',
    attrs: fields(attrs),
    text: string(text) ?? '',
    get marks() {
      return nodesOf(marks)
    },
    get content() {
      return nodesOf(content)
    },
  }
}

const nodesOf = (values: unknown): DocumentNode[] =>
  Array.isArray(values) ? values.flatMap((value) => nodeOf(value) ?? []) : []

/** Nothing where the value is no object. */
export const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

export const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A number, which some give as a text. */
export function number(value: unknown): number | undefined {
  const given = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN
  return Number.isFinite(given) ? given : undefined
}

/** The words in a node, however deep and however many. */
export function plainText(node: DocumentNode): string {
  let text = ''
  const rest = [node]
  for (let next = rest.pop(); next; next = rest.pop()) {
    text += next.type === 'hardBreak' ? '\n' : next.text
    for (const child of next.content.toReversed()) rest.push(child)
  }
  return text
}
