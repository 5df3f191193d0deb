// Storage format is XML: what is written in it is escaped here, and nowhere else.

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text as it stands between tags or in an attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '')

/** An attribute with the space before it. */
export const attribute = (name: string, value: string): string => ` ${name}="${escaped(value)}"`

export const element = (name: string, attributes: string, content = ''): string =>
  content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`

/** A text that stays as it is. */
export const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
