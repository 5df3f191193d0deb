/** What is tried, storage, HTML, text, Markdown. */
export type Case = readonly [what: string, storage: string, html: string, text: string, markdown: string]

export interface Section {
  title: string
  cases: readonly Case[]
}

/** What all cases are converted with. */
export const options = {
  baseUrl: 'https://acme.atlassian.net/wiki',
  spaceKey: 'DOCS',
  pageId: '42',
  title: 'This Page',
  resolvePage: ({ title, spaceKey }: { title: string; spaceKey?: string }) =>
    title === 'Renamed' && spaceKey === 'DOCS'
      ? { url: 'https://acme.atlassian.net/wiki/spaces/DOCS/pages/7', title: 'New Name' }
      : undefined,
}

export const rel = 'rel="nofollow noopener noreferrer"'
export const site = options.baseUrl

export const macro = (name: string, inside = '') =>
  `<ac:structured-macro ac:name="${name}">${inside}</ac:structured-macro>`
export const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`
export const rich = (body: string) => `<ac:rich-text-body>${body}</ac:rich-text-body>`
export const plain = (body: string) => `<ac:plain-text-body><![CDATA[${body}]]></ac:plain-text-body>`
export const link = (inside: string, attributes = '') => `<ac:link${attributes}>${inside}</ac:link>`
export const image = (inside: string, attributes = '') => `<ac:image${attributes}>${inside}</ac:image>`

export const attribute = (key: string, value: string) => `<ac:adf-attribute key="${key}">${value}</ac:adf-attribute>`
export const node = (type: string, inside: string) => `<ac:adf-node type="${type}">${inside}</ac:adf-node>`
export const content = (inside: string) => `<ac:adf-content>${inside}</ac:adf-content>`
export const extension = (inside: string, fallback: string) =>
  `<ac:adf-extension>${inside}<ac:adf-fallback>${fallback}</ac:adf-fallback></ac:adf-extension>`
