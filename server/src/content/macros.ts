import type { PageReference } from './index.ts'
import type { PanelType } from './nodes.ts'
import {
  attachmentTarget,
  pageReference,
  pageTarget,
  referenceOf,
  type Target,
  targetOf,
  urlLink,
} from './resources.ts'
import type { Composite, CompositeRule, Context, Step } from './rules.ts'
import { encodeSegment, isDots } from './urls.ts'

const NAME_LIMIT = 100
/** What the code macro calls plain text. */
const NO_LANGUAGE = 'none'
const LANGUAGE = /^[\w+#.-]{1,40}$/
const STATUS_COLOURS = new Set(['green', 'blue', 'red', 'yellow', 'purple'])

/** What a macro becomes, by its name. */
export const macro: CompositeRule = (composite, body, context) => {
  const name = nameOf(composite)
  const known = MACROS.get(name)
  if (known) return known(composite, body, context)
  context.warn('unknown_macro', name)
  return keep(composite, body, context)
}

/** Keeps the body and says which macro it is of. */
const keep: CompositeRule = (composite, body) => {
  const name = nameOf(composite).slice(0, NAME_LIMIT).toWellFormed()
  if (body === undefined) return [{ leaf: { kind: 'placeholder', name } }]
  const open: Step = { open: { kind: 'macro', name } }
  return body === 'plain' ? [open, { open: { kind: 'code' } }] : [open]
}

const panel =
  (type: PanelType): CompositeRule =>
  (composite) => [{ open: { kind: 'panel', type, title: composite.value('title') } }]

/** Text that is to stay as it is, in a language given by the macro itself or by a parameter. */
const preformatted =
  (own?: string): CompositeRule =>
  (composite, body) => {
    if (body === undefined) return []
    const language = own ?? composite.value('language')
    return [{ open: { kind: 'code', language: languageName(language), title: composite.value('title') } }]
  }

/** A formula in TeX, in the body or in a parameter. */
const formula =
  (display: 'block' | 'inline'): CompositeRule =>
  (composite, body) => {
    const open: Step =
      display === 'block' ? { open: { kind: 'code', language: 'latex' } } : { open: { kind: 'mark', tag: 'code' } }
    return body === undefined ? [open, { text: composite.value('body') ?? composite.value('') ?? '' }] : [open]
  }

const unwrap: CompositeRule = () => []

/** Shows its body unless the author chose to hide it from readers. */
const unlessHidden: CompositeRule = (composite) => (composite.value('hidden') === 'true' ? undefined : [])

/** Files stand one below the other, even where the source has nothing between them. */
const attachment: CompositeRule = (composite, _body, context) => {
  const name = composite.parameters.get('name') ?? composite.parameters.get('')
  const target = name?.resource ? targetOf(name.resource, undefined, context) : namedAttachment(composite, context)
  return [{ open: { kind: 'paragraph' } }, ...linked(target)]
}

/** The content of another page or, for want of it, a link to the page. */
const include: CompositeRule = (composite, _body, context) => {
  const name = nameOf(composite)
  const open: Step = { open: { kind: 'macro', name } }
  const { reference, target } = includedPage(composite, context)
  const page = reference && context.include(reference, name)
  return page ? [open, { include: page, otherwise: linked(target) }] : [open, ...linked(target)]
}

/** An excerpt of another page, in a panel named by the page unless the author chose none. */
const excerptInclude: CompositeRule = (composite, body, context) =>
  include(composite, body, context)?.flatMap((step): Step[] => {
    if (!('include' in step)) return [step]
    const panel: Step = { open: { kind: 'panel', type: 'panel', title: step.include.title } }
    const excerpt = { ...step, excerpt: composite.value('name') ?? '' }
    return composite.value('nopanel') === 'true' ? [excerpt] : [panel, excerpt]
  })

const address: CompositeRule = (composite, body, context) => {
  const parameter = composite.parameters.get('url') ?? composite.parameters.get('src')
  const url = parameter?.resource?.attribute('ri:value') ?? parameter?.text.trim()
  return url ? linked({ link: urlLink(url, context), title: url }) : keep(composite, body, context)
}

const issue: CompositeRule = (composite, body, context) => {
  const key = composite.value('key')
  if (!key) return keep(composite, body, context)
  return linked({ link: isDots(key) ? undefined : urlLink(`/browse/${encodeSegment(key)}`, context), title: key })
}

const status: CompositeRule = (composite) => {
  const colour = composite.value('colour')?.toLowerCase() ?? ''
  return [
    { open: { kind: 'status', colour: STATUS_COLOURS.has(colour) ? colour : 'grey' } },
    // Confluence shows statuses in capitals, however their authors wrote them.
    { text: (composite.value('title') ?? '').toUpperCase() },
  ]
}

const contents: CompositeRule = (composite) => [
  {
    leaf: {
      kind: 'contents',
      min: headingLevel(composite.value('minLevel'), 1),
      max: headingLevel(composite.value('maxLevel'), 6),
      include: composite.value('include'),
      exclude: composite.value('exclude'),
    },
  },
]

const anchor: CompositeRule = (composite) => {
  const name = composite.value('')
  return name ? [{ leaf: { kind: 'anchor', name } }] : []
}

/** One row per macro. */
const MACROS = new Map<string, CompositeRule>(
  Object.entries({
    info: panel('info'),
    note: panel('note'),
    tip: panel('tip'),
    warning: panel('warning'),
    panel: panel('panel'),
    code: preformatted(),
    noformat: preformatted('text'),
    plantuml: preformatted('plantuml'),
    plantumlcloud: keep,
    mermaid: preformatted('mermaid'),
    'mermaid-macro': preformatted('mermaid'),
    'mermaid-cloud': keep,
    markdown: preformatted('markdown'),
    'unmigrated-wiki-markup': preformatted(),
    'unmigrated-inline-wiki-markup': preformatted(),
    html: preformatted('html'),
    style: () => undefined,
    'eazy-math-inline': formula('inline'),
    'easy-math-block': formula('block'),
    mathinline: formula('inline'),
    mathblock: formula('block'),
    expand: (composite) => [{ open: { kind: 'expand', title: composite.value('title') } }],
    status,
    toc: contents,
    'toc-zone': contents,
    anchor,
    excerpt: unlessHidden,
    details: unlessHidden,
    section: () => [{ open: { kind: 'section' } }],
    column: () => [{ open: { kind: 'column' } }],
    quote: () => [{ open: { kind: 'quote' } }],
    div: unwrap,
    span: unwrap,
    include,
    'excerpt-include': excerptInclude,
    jira: issue,
    jiraissues: keep,
    widget: address,
    iframe: address,
    'view-file': attachment,
    viewpdf: attachment,
    viewdoc: attachment,
    viewxls: attachment,
    viewppt: attachment,
    multimedia: attachment,
    chart: keep,
    drawio: keep,
    'drawio-sketch': keep,
    'inc-drawio': keep,
    gliffy: keep,
    detailssummary: keep,
    attachments: keep,
    'blog-posts': keep,
    calendar: keep,
    'change-history': keep,
    children: keep,
    'content-by-label': keep,
    'content-report-table': keep,
    contentbylabel: keep,
    contributors: keep,
    'contributors-summary': keep,
    'create-from-template': keep,
    favpages: keep,
    gallery: keep,
    'global-reports': keep,
    im: keep,
    index: keep,
    labels: keep,
    listlabels: keep,
    livesearch: keep,
    loremipsum: keep,
    navmap: keep,
    network: keep,
    'page-index': keep,
    pagetree: keep,
    pagetreesearch: keep,
    'popular-labels': keep,
    profile: keep,
    'profile-picture': keep,
    'recently-updated': keep,
    'recently-updated-dashboard': keep,
    'recently-used-labels': keep,
    'related-labels': keep,
    roadmap: keep,
    rss: keep,
    search: keep,
    'space-attachments': keep,
    'space-details': keep,
    spaces: keep,
    'spaces-list': keep,
    'tasks-report': keep,
    'tasks-report-macro': keep,
    userlister: keep,
  } satisfies Record<string, CompositeRule>),
)

function nameOf(composite: Composite): string {
  return composite.element.attribute('ac:name') ?? ''
}

function linked(target: Target | undefined): Step[] {
  if (!target) return []
  return target.link ? [{ open: target.link }, { text: target.title }] : [{ text: target.title }]
}

function namedAttachment(composite: Composite, context: Context): Target | undefined {
  const filename = composite.value('name') ?? composite.value('')
  return filename === undefined ? undefined : attachmentTarget(filename, context)
}

/** A page is named by a resource or, as the old editor did, by `KEY:Title`. */
function includedPage({ parameters }: Composite, context: Context): { reference?: PageReference; target?: Target } {
  const parameter = parameters.get('') ?? parameters.get('page')
  const resource = parameter?.resource
  if (resource) {
    const target = targetOf(resource, undefined, context)
    return resource.name === 'ri:page' ? { reference: referenceOf(resource, context), target } : { target }
  }
  const [, spaceKey, title] = /^(?:(~?\w{1,255}):(?=\S))?(.+)$/.exec(parameter?.text.trim() ?? '') ?? []
  if (title === undefined) return {}
  const reference = pageReference(title, spaceKey, context)
  return { reference, target: pageTarget(reference, context) }
}

function languageName(language: string | undefined): string | undefined {
  const name = language?.toLowerCase()
  return name && name !== NO_LANGUAGE && LANGUAGE.test(name) ? name : undefined
}

function headingLevel(value: string | undefined, otherwise: number): number {
  const level = Number(value ?? otherwise)
  return level >= 1 && level <= 6 ? level : otherwise
}
