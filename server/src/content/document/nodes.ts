/** A node, or a mark, of an Atlassian document, with all that may be missing filled in. What is in it is read when it is looked at. */
export class DocumentNode {
  readonly #given: Fields

  constructor(given: Fields) {
    this.#given = given
  }

  get type(): string {
    return string(this.#given.type) ?? ''
  }

  get attrs(): Fields {
    return fields(this.#given.attrs)
  }

  get text(): string {
    return string(this.#given.text) ?? ''
  }

  get marks(): readonly DocumentNode[] {
    return nodesOf(this.#given.marks)
  }

  get content(): readonly DocumentNode[] {
    return nodesOf(this.#given.content)
  }
}

/** What is in an object; nobody says of what type. */
export type Fields = Readonly<Record<string, unknown>>

/** Reads a node; undefined for what is none. */
export const nodeOf = (value: unknown): DocumentNode | undefined =>
  typeof value === 'object' && value !== null ? new DocumentNode(value as Fields) : undefined

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
