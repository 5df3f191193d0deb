// What is used of the packages that are compared: they are installed only by who runs the benchmark, so that their own types are not at hand.

declare module 'cheerio' {
  export function load(source: string, options: { xml: boolean }): { text(): string }
}

declare module 'html-to-text' {
  export function convert(html: string, options: { wordwrap: false }): string
}

declare module 'node-html-markdown' {
  export const NodeHtmlMarkdown: new () => { translate(html: string): string }
}

declare module 'saxes' {
  export class SaxesParser {
    constructor(options: { fragment: true })
    ENTITIES: Record<string, string>
    on(event: 'text' | 'cdata', handler: (text: string) => void): void
    on(event: 'error', handler: (error: Error) => void): void
    write(chunk: string): this
    close(): void
  }
}

declare module 'turndown' {
  export default class TurndownService {
    turndown(html: string): string
  }
}
