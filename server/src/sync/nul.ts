/** PostgreSQL refuses U+0000 in text, and Confluence lets it through. */
export const withoutNul = (text: string) => text.replaceAll('\0', '')
