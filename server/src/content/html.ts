import { headingFilter } from './heading-filter.ts'
import { Ids } from './ids.ts'
import type { Heading } from './index.ts'
import { attribute, escapeAttribute, escapeText } from './markup.ts'
import type { Kind, Node, NodeOf, Renderer } from './nodes.ts'
import { byKind, TRAITS, type Traits } from './traits.ts'

/**
 * Renders a safe, semantic HTML fragment: no script, style sheet, frame, form, event handler or foreign id; what HTML has no element for is
 * told by `data-*` attributes. Ids begin with `cc-`, so that they cannot clash with those of the page that shows the fragment.
 */
export class HtmlRenderer implements Renderer {
  #out = ''
  /** What was written before each open heading, whose id is known only when it ends. */
  readonly #outer: string[] = []
  #headingText = ''
  readonly #headings: Heading[] = []
  readonly #ids = new Ids()
  /** The first table of contents, whose entries are known only at the end. Further ones stay empty, so that the size stays linear. */
  #contents: { before: string; node: NodeOf<'contents'> } | undefined

  open(node: Node, { kind, order }: Traits): void {
    if (kind === 'heading') {
      this.#outer.push(this.#out)
      this.#out = ''
      this.#headingText = ''
      return
    }
    this.#out += opening(node, order)
  }

  close(node: Node, { kind, order }: Traits): void {
    if (kind === 'heading' && node.kind === kind) {
      const text = this.#headingText.replace(/\s+/g, ' ').trim()
      const heading: Heading = { level: node.level, text, id: this.#ids.take(text) }
      this.#headings.push(heading)
      this.#out = `${this.#outer.pop() ?? ''}<h${node.level}${attribute('id', heading.id)}>${this.#out}</h${node.level}>`
      return
    }
    this.#out += closing(node, order)
  }

  leaf(node: Node): void {
    if (node.kind === 'contents' && !this.#contents && this.#outer.length === 0) {
      this.#contents = { before: this.#out, node }
      this.#out = ''
      return
    }
    if (node.kind === 'break' && this.#outer.length > 0) this.#headingText += ' '
    this.#out +=
      node.kind === 'anchor'
        ? `<span${attribute('id', this.#ids.take(node.name))}></span>`
        : opening(node, TRAITS[node.kind].order)
  }

  text(value: string, plain: boolean): void {
    if (this.#outer.length > 0) this.#headingText += value
    this.#out += plain ? value : escapeText(value)
  }

  /** The headings that have text, once all are written. */
  get outline(): Heading[] {
    return this.#headings.filter(({ text }) => text !== '')
  }

  finish(): string {
    if (!this.#contents) return this.#out
    return `${this.#contents.before}${contentsOf(this.outline, this.#contents.node)}${this.#out}`
  }
}

const EMPTY_CONTENTS = '<nav data-macro="toc"></nav>'

type Tag<N extends Node> = (node: N) => string
type Markup<N extends Node> = readonly [open: string | Tag<N>, close: string | Tag<N>]

/** The HTML of every kind of node; leaves have nothing to close. Headings and anchors get theirs above, with their id. */
const MARKUP: { [K in Kind]: Markup<NodeOf<K>> } = {
  paragraph: [({ align }) => (align ? `<p style="text-align: ${align}">` : '<p>'), '</p>'],
  heading: ['', ''],
  list: [
    ({ ordered, start }) => (ordered ? `<ol${attribute('start', start)}>` : '<ul>'),
    ({ ordered }) => (ordered ? '</ol>' : '</ul>'),
  ],
  item: ['<li>', '</li>'],
  tasks: ['<ul data-tasks>', '</ul>'],
  task: [({ done }) => `<li><input type="checkbox" disabled${done ? ' checked' : ''}> `, '</li>'],
  table: ['<table><tbody>', '</tbody></table>'],
  row: ['<tr>', '</tr>'],
  cell: [
    ({ header, colspan, rowspan }) =>
      `<${header ? 'th' : 'td'}${colspan > 1 ? attribute('colspan', colspan) : ''}${rowspan > 1 ? attribute('rowspan', rowspan) : ''}>`,
    ({ header }) => (header ? '</th>' : '</td>'),
  ],
  quote: ['<blockquote>', '</blockquote>'],
  code: [
    ({ language, title }) =>
      `${title ? `<figure><figcaption>${escapeText(title)}</figcaption>` : ''}<pre><code${attribute('class', language && `language-${language}`)}>`,
    ({ title }) => (title ? '</code></pre></figure>' : '</code></pre>'),
  ],
  panel: [
    ({ type, title }) => `<aside data-panel="${type}">${title ? `<p><strong>${escapeText(title)}</strong></p>` : ''}`,
    '</aside>',
  ],
  expand: [({ title }) => `<details><summary>${escapeText(title || 'Details')}</summary>`, '</details>'],
  figure: ['<figure>', '</figure>'],
  caption: ['<figcaption>', '</figcaption>'],
  section: [({ layout }) => `<section${attribute('data-layout', layout)}>`, '</section>'],
  column: ['<div data-column>', '</div>'],
  macro: [({ name }) => `<div${attribute('data-macro', name)}>`, '</div>'],
  placeholder: [({ name }) => `<span${attribute('data-macro', name)}></span>`, ''],
  link: [
    ({ href, mention }) =>
      `<a${attribute('href', href)}${href.startsWith('#') ? '' : ' rel="nofollow noopener noreferrer"'}${attribute('data-mention', mention)}>`,
    '</a>',
  ],
  mark: [({ tag }) => `<${tag}>`, ({ tag }) => `</${tag}>`],
  status: [({ colour }) => `<span${attribute('data-status', colour)}>`, '</span>'],
  date: [({ iso }) => `<time${attribute('datetime', iso)}>`, '</time>'],
  image: [
    ({ src, alt, width, height }) =>
      `<img${attribute('src', src)}${attribute('alt', alt)}${attribute('width', width)}${attribute('height', height)}>`,
    '',
  ],
  break: ['<br>', ''],
  rule: ['<hr>', ''],
  contents: [EMPTY_CONTENTS, ''],
  anchor: ['', ''],
}

const MARKUPS = byKind(MARKUP)

// The list is by the kind of the node that it is given, which TypeScript cannot see across an index.
function opening(node: Node, order: number): string {
  const open = MARKUPS[order]?.[0] as string | Tag<Node>
  return typeof open === 'string' ? open : open(node)
}

function closing(node: Node, order: number): string {
  const close = MARKUPS[order]?.[1] as string | Tag<Node>
  return typeof close === 'string' ? close : close(node)
}

/** A flat list of links, each with its level, because pages skip levels and begin with any of them. */
function contentsOf(headings: readonly Heading[], { min, max, include, exclude }: NodeOf<'contents'>): string {
  const isWanted = headingFilter(include ?? '') ?? (() => true)
  const isUnwanted = headingFilter(exclude ?? '') ?? (() => false)
  const entries = headings
    .filter(({ level, text }) => level >= min && level <= max && isWanted(text) && !isUnwanted(text))
    .map(
      ({ level, text, id }) =>
        `<li data-level="${level}"><a href="#${escapeAttribute(id)}">${escapeText(text)}</a></li>`,
    )
  return entries.length === 0 ? EMPTY_CONTENTS : `<nav data-macro="toc"><ul>${entries.join('')}</ul></nav>`
}
