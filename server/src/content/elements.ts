import { adfNode } from './adf.ts'
import { readDate } from './dates.ts'
import { emojiText } from './emoji.ts'
import { macro } from './macros.ts'
import { MATH } from './math.ts'
import type { Align, Image, MarkTag, Node } from './nodes.ts'
import { imageSource, imageUrl, targetOf, urlLink } from './resources.ts'
import type { Body, CompositeRule, Element, ElementRule } from './rules.ts'

const wrap = (node: Node): ElementRule => ({ does: 'wrap', node })
const mark = (tag: MarkTag): ElementRule => wrap({ kind: 'mark', tag })
const heading = (level: number): ElementRule => wrap({ kind: 'heading', level })
const embody = (body: Body): ElementRule => ({ does: 'embody', body })
const compose = (rule: CompositeRule): ElementRule => ({ does: 'compose', rule })
const unwrap: ElementRule = { does: 'unwrap' }
const nothing: ElementRule = { does: 'leaf', node: () => undefined }
const hide: ElementRule = { does: 'hide' }
const refer: ElementRule = { does: 'refer' }

const paragraph: ElementRule = { does: 'wrap', node: (element) => ({ kind: 'paragraph', align: alignOf(element) }) }

const cell = (header: boolean): ElementRule => ({
  does: 'wrap',
  node: (element) => ({ kind: 'cell', header, colspan: span(element, 'colspan'), rowspan: span(element, 'rowspan') }),
})

/** The value of a child element, by the element's own name. */
const tell: ElementRule = { does: 'tell', name: (element) => element.name }
const tellByName: ElementRule = { does: 'tell', name: (element) => element.attribute('ac:name') ?? '' }
const tellByKey: ElementRule = { does: 'tell', name: (element) => element.attribute('key') ?? '' }

const link: CompositeRule = ({ element, resource }, body, context) => {
  const target = targetOf(resource, element.attribute('ac:anchor'), context)
  const text = body === undefined ? [{ text: target.title }] : []
  return target.link ? [{ open: target.link }, ...text] : text
}

const image: CompositeRule = ({ element, resource }, body, context) => {
  const filename = resource?.attribute('ri:filename') ?? ''
  const alt = element.attribute('ac:alt') ?? element.attribute('ac:title') ?? ''
  const leaf: Image = {
    kind: 'image',
    src: imageSource(resource, context),
    alt: alt || filename,
    // Below a caption it would be said twice.
    described: alt !== '' && alt !== filename && body === undefined,
    width: pixels(element.attribute('ac:width')),
    height: pixels(element.attribute('ac:height')),
  }
  return body === undefined ? [{ leaf }] : [{ open: { kind: 'figure' } }, { leaf }, { open: { kind: 'caption' } }]
}

const emoticon: CompositeRule = ({ element }) => [
  {
    text: emojiText({
      name: element.attribute('ac:name'),
      id: element.attribute('ac:emoji-id'),
      shortname: element.attribute('ac:emoji-shortname'),
      fallback: element.attribute('ac:emoji-fallback'),
    }),
  },
]

const time: CompositeRule = ({ element }, body) => {
  const datetime = element.attribute('datetime') ?? ''
  const date = readDate(datetime)
  const text = body === undefined ? [{ text: date?.label ?? datetime }] : []
  return date ? [{ open: { kind: 'date', iso: date.iso } }, ...text] : text
}

const task: CompositeRule = (composite) => [
  { open: { kind: 'task', done: composite.value('ac:task-status') === 'complete' } },
]

/** One row per element of storage format and of the HTML in it. What is not here is unwrapped: its content stays. */
export const ELEMENTS: ReadonlyMap<string, ElementRule> = new Map(
  Object.entries({
    h1: heading(1),
    h2: heading(2),
    h3: heading(3),
    h4: heading(4),
    h5: heading(5),
    h6: heading(6),
    p: paragraph,
    div: paragraph,
    center: wrap({ kind: 'paragraph', align: 'center' }),
    dt: wrap({ kind: 'paragraph' }),
    dd: wrap({ kind: 'paragraph' }),
    address: wrap({ kind: 'paragraph' }),
    summary: wrap({ kind: 'paragraph' }),
    dl: unwrap,
    details: unwrap,
    blockquote: wrap({ kind: 'quote' }),
    pre: wrap({ kind: 'code' }),
    hr: { does: 'leaf', node: () => ({ kind: 'rule' }) },
    br: { does: 'leaf', node: () => ({ kind: 'break' }) },
    figure: wrap({ kind: 'figure' }),
    figcaption: wrap({ kind: 'paragraph' }),

    ul: wrap({ kind: 'list', ordered: false }),
    ol: {
      does: 'wrap',
      node: (element) => ({ kind: 'list', ordered: true, start: integer(element.attribute('start')) }),
    },
    li: wrap({ kind: 'item' }),

    table: wrap({ kind: 'table' }),
    colgroup: unwrap,
    col: nothing,
    thead: unwrap,
    tbody: unwrap,
    tfoot: unwrap,
    tr: wrap({ kind: 'row' }),
    th: cell(true),
    td: cell(false),

    strong: mark('strong'),
    b: mark('strong'),
    em: mark('em'),
    i: mark('em'),
    cite: mark('em'),
    u: mark('u'),
    ins: mark('u'),
    s: mark('s'),
    del: mark('s'),
    strike: mark('s'),
    sub: mark('sub'),
    sup: mark('sup'),
    code: mark('code'),
    tt: mark('code'),
    kbd: mark('code'),
    samp: mark('code'),
    small: mark('small'),
    mark: mark('mark'),
    big: unwrap,
    font: unwrap,
    abbr: unwrap,
    acronym: unwrap,
    q: unwrap,
    var: unwrap,
    wbr: nothing,
    span: {
      does: 'wrap',
      node: (element) => {
        // Pictures of what is said beside them, as of a formula.
        if (element.attribute('aria-hidden') === 'true') return 'hidden'
        return element.attribute('style')?.includes('line-through') ? { kind: 'mark', tag: 's' } : undefined
      },
    },
    a: {
      does: 'wrap',
      node: (element, context) => {
        const href = element.attribute('href')
        return href === undefined ? undefined : urlLink(href, context)
      },
    },
    img: {
      does: 'leaf',
      node: (element, context) => {
        const src = element.attribute('src')
        const alt = element.attribute('alt') ?? ''
        return {
          kind: 'image',
          src: src === undefined ? undefined : imageUrl(src, context),
          alt,
          described: alt !== '',
          width: pixels(element.attribute('width')),
          height: pixels(element.attribute('height')),
        }
      },
    },
    time: compose(time),
    ...MATH,

    script: hide,
    style: hide,
    iframe: hide,
    object: hide,
    embed: hide,
    template: hide,
    noscript: hide,
    head: hide,
    title: hide,

    'ac:layout': unwrap,
    'ac:layout-section': {
      does: 'wrap',
      node: (element) => ({ kind: 'section', layout: element.attribute('ac:type') }),
    },
    'ac:layout-cell': wrap({ kind: 'column' }),

    'ac:structured-macro': compose(macro),
    'ac:macro': compose(macro),
    'ac:parameter': tellByName,
    'ac:default-parameter': { does: 'tell', name: () => '' },
    'ac:rich-text-body': embody('rich'),
    'ac:plain-text-body': embody('plain'),

    'ac:link': compose(link),
    'ac:link-body': embody('rich'),
    'ac:plain-text-link-body': embody('rich'),
    'ac:image': compose(image),
    'ac:caption': embody('caption'),
    'ac:emoticon': compose(emoticon),
    'ri:page': refer,
    'ri:blog-post': refer,
    'ri:attachment': refer,
    'ri:url': refer,
    'ri:space': refer,
    'ri:user': refer,
    'ri:content-entity': refer,
    'ri:shortcut': refer,

    'ac:task-list': wrap({ kind: 'tasks' }),
    'ac:task': compose(task),
    'ac:task-id': hide,
    'ac:task-uuid': hide,
    'ac:task-status': tell,
    'ac:task-body': embody('rich'),

    'ac:inline-comment-marker': unwrap,
    'ac:placeholder': hide,

    'ac:adf-extension': { does: 'offer' },
    'ac:adf-node': compose(adfNode),
    'ac:adf-attribute': tellByKey,
    'ac:adf-parameter': tellByKey,
    'ac:adf-parameter-value': hide,
    'ac:adf-content': embody('rich'),
    'ac:adf-leaf': hide,
    'ac:adf-fallback': { does: 'fallBack' },
    'ac:adf-mark': hide,
    'ac:adf-fragment-mark': hide,
    'ac:adf-fragment-mark-detail': hide,
  } satisfies Record<string, ElementRule>),
)

function alignOf(element: Element): Align | undefined {
  const style = element.attribute('style')
  const value = style && TEXT_ALIGN.exec(style)?.[1]
  return value ? ALIGN[value.toLowerCase()] : undefined
}

const TEXT_ALIGN = /(?:^|;)\s{0,9}text-align\s{0,9}:\s{0,9}(center|right|end|justify)\b/i

const ALIGN: Record<string, Align> = { center: 'center', right: 'right', end: 'right', justify: 'justify' }

const SPAN_LIMIT = 1000

function span(element: Element, name: string): number {
  return Math.min(Math.max(integer(element.attribute(name)) ?? 1, 1), SPAN_LIMIT)
}

function integer(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*-?\d{1,9}\s*$/.test(value) ? Number(value) : undefined
}

function pixels(value: string | undefined): number | undefined {
  const number = /^\d{1,5}(?:\.\d{1,9})?/.exec(value ?? '')?.[0]
  return number === undefined ? undefined : Math.round(Number(number))
}
