/** A node, or a mark, of an Atlassian document, with all that may be missing filled in. */
export interface DocumentNode {
  type: string
  attrs: Readonly<Record<string, unknown>>
  text: string
  marks: readonly DocumentNode[]
  content: readonly DocumentNode[]
}

/** Reads a node, and what is in it as far as it is looked at; undefined for what is none. */
export function nodeOf(value: unknown): DocumentNode | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { type, attrs, text, marks, content } = value as Record<string, unknown>
  return {
    type: string(type) ?? '',
    attrs: typeof attrs === 'object' && attrs !== null ? { ...attrs } : {},
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

export const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The words in a node, however deep. */
export function plainText(node: DocumentNode): string {
  let text = ''
  const rest = [node]
  for (let next = rest.pop(); next; next = rest.pop()) {
    text += next.type === 'hardBreak' ? '\n' : next.text
    rest.push(...next.content.toReversed())
  }
  return text
}
