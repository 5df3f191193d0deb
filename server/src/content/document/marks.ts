import { attribute } from '../markup.ts'
import { element } from './elements.ts'
import { type DocumentNode, string } from './nodes.ts'

/** Puts marks of an Atlassian document around what they are on, the first of them innermost; those that say nothing about the text are left out. */
export const decorate = (content: string, marks: readonly DocumentNode[]): string =>
  marks.reduce((within, mark) => MARKS.get(mark.type)?.(within, mark) ?? within, content)

const wrap = (name: string) => (content: string) => element(name, '', content)

const MARKS = new Map<string, (content: string, mark: DocumentNode) => string>(
  Object.entries({
    strong: wrap('strong'),
    em: wrap('em'),
    code: wrap('code'),
    strike: wrap('s'),
    underline: wrap('u'),
    subsup: (content: string, { attrs }: DocumentNode) => element(attrs.type === 'sup' ? 'sup' : 'sub', '', content),
    link: (content: string, { attrs }: DocumentNode) =>
      element('a', attribute('href', string(attrs.href) ?? ''), content),
  }),
)
