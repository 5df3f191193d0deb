import { cleaned, withoutControls } from './entities.ts'
import { anchorId } from './ids.ts'
import type { PageReference } from './index.ts'
import type { NodeOf } from './nodes.ts'
import type { Context, Resource } from './rules.ts'
import { encodeSegment, IMAGE_SCHEMES, isDots, LINK_SCHEMES, safeUrl, schemeOf } from './urls.ts'

/** Where a link leads, and the text that stands for it where it has none of its own. */
export interface Target {
  link?: NodeOf<'link'> | undefined
  title: string
}

/** The target of an `ac:link`: a resource, an anchor on this page, or an anchor on the page that the resource names. */
export function targetOf(resource: Resource | undefined, anchor: string | undefined, context: Context): Target {
  if (!resource) return anchor ? { link: fragmentLink(anchor, context), title: anchor } : { title: '' }
  const target = TARGETS.get(resource.name)?.(resource, context) ?? { title: '' }
  if (!anchor || !target.link) return target
  return { ...target, link: { ...target.link, href: `${target.link.href}#${encodeSegment(anchor)}` } }
}

/** A link by URL as authors write it: absolute, relative to the site, or a fragment of this page. Unsafe ones are refused. */
export function urlLink(url: string, context: Context): NodeOf<'link'> | undefined {
  const trimmed = url.trim()
  if (trimmed.startsWith('#')) return fragmentLink(trimmed.slice(1), context)
  const target = safeUrl(trimmed, context.base, LINK_SCHEMES)
  if (!target) {
    context.warn('unsafe_url', schemeOf(trimmed, context.base))
    return undefined
  }
  return { kind: 'link', href: target.href, external: target.host !== context.host }
}

/** The source of an image by its resource: an attachment or a URL. */
export function imageSource(resource: Resource | undefined, context: Context): string | undefined {
  if (resource?.name === 'ri:url') return imageUrl(resource.attribute('ri:value') ?? '', context)
  const filename = resource?.attribute('ri:filename')
  if (!filename || !resource) return undefined
  const page = attachmentPage(resource, context)
  return page === undefined ? undefined : attachmentUrl(page, filename, context)
}

/** An image by URL as authors write it. Unsafe ones are refused. */
export function imageUrl(url: string, context: Context): string | undefined {
  const src = safeUrl(url.trim(), context.base, IMAGE_SCHEMES)?.href
  if (src === undefined) context.warn('unsafe_url', schemeOf(url.trim(), context.base))
  return src
}

/** A page by its title, in the space given or else in that of this page. */
export function pageReference(title: string, spaceKey: string | undefined, { options }: Context): PageReference {
  const space = spaceKey ?? options.spaceKey
  return { title, ...(space !== undefined && { spaceKey: space }) }
}

/** What an `ri:page` or an `ri:blog-post` refers to. */
export function referenceOf(resource: Resource, context: Context): PageReference {
  const title = resource.attribute('ri:content-title') ?? context.options.title ?? ''
  return pageReference(title, spaceKeyOf(resource), context)
}

/** The target of a page. */
export function pageTarget(reference: PageReference, context: Context): Target {
  const { title, spaceKey } = reference
  const { base } = context
  const page = resolve(reference, context)
  const href =
    page?.href ??
    (spaceKey && !isDots(title)
      ? `${base}display/${encodeSegment(spaceKey)}/${pathTitle(title)}`
      : `${base}search?text=${encodeSegment(title)}`)
  return { link: siteLink(href), title: page?.title ?? title }
}

function resolve(reference: PageReference, { options, base }: Context) {
  const page = options.resolvePage?.(reference)
  if (!page) return undefined
  const url = page.url ?? (page.id === undefined ? undefined : `${VIEW_PAGE}${encodeSegment(page.id)}`)
  return {
    id: page.id,
    title: cleaned(page.title),
    href: url === undefined ? undefined : safeUrl(url, base, LINK_SCHEMES)?.href,
  }
}

const VIEW_PAGE = 'pages/viewpage.action?pageId='

/** The target of an attachment of this page. */
export function attachmentTarget(filename: string, context: Context): Target {
  return { link: siteLink(attachmentUrl(context.options.pageId, filename, context)), title: filename }
}

type TargetRule = (resource: Resource, context: Context) => Target

/** One row per resource element. */
const TARGETS = new Map<string, TargetRule>(
  Object.entries({
    'ri:page': (resource, context) => pageTarget(referenceOf(resource, context), context),
    'ri:blog-post': (resource, context) => {
      const reference = referenceOf(resource, context)
      const { title, spaceKey } = reference
      const day = /^(\d{4})[-/](\d\d)[-/](\d\d)/.exec(resource.attribute('ri:posting-day') ?? '')
      if (!spaceKey || !day) return pageTarget(reference, context)
      const path = `${encodeSegment(spaceKey)}/${day[1]}/${day[2]}/${day[3]}/${pathTitle(title)}`
      return { link: siteLink(`${context.base}display/${path}`), title }
    },
    'ri:attachment': (resource, context) => {
      const filename = resource.attribute('ri:filename') ?? ''
      const page = attachmentPage(resource, context)
      if (page !== undefined) return { link: siteLink(attachmentUrl(page, filename, context)), title: filename }
      // Without the id of its page, the address of the attachment is unknown: lead to the page.
      return { ...targetOf(resource.within, undefined, context), title: filename }
    },
    'ri:url': (resource, context) => {
      const url = resource.attribute('ri:value') ?? ''
      return { link: urlLink(url, context), title: url }
    },
    'ri:space': (resource, { base }) => {
      const key = resource.attribute('ri:space-key') ?? ''
      return { link: siteLink(`${base}spaces/${encodeSegment(key)}`), title: key }
    },
    'ri:user': (resource, { base }) => {
      const id = resource.attribute('ri:account-id') ?? resource.attribute('ri:userkey') ?? ''
      // Storage format has no name, and an id is nothing to read.
      return { link: { ...siteLink(`${base}people/${encodeSegment(id)}`), mention: id }, title: '@user' }
    },
    'ri:content-entity': (resource, { base }) => {
      const id = resource.attribute('ri:content-id') ?? ''
      const address = `${base}${VIEW_PAGE}${encodeSegment(id)}`
      return { link: siteLink(address), title: address }
    },
    'ri:shortcut': (resource) => ({ title: resource.attribute('ri:parameter') ?? resource.attribute('ri:key') ?? '' }),
  } satisfies Record<string, TargetRule>),
)

function siteLink(href: string): NodeOf<'link'> {
  return { kind: 'link', href, external: false }
}

/** Older links begin the name of a heading's anchor with the title of the page. */
function fragmentLink(anchor: string, { options }: Context): NodeOf<'link'> {
  const prefix = `${(options.title ?? '').replace(/\s+/g, '')}-`
  const name = decodedFragment(anchor)
  const own = prefix.length > 1 && name.startsWith(prefix) ? name.slice(prefix.length) : name
  return { kind: 'link', href: `#${anchorId(own)}`, external: false }
}

function decodedFragment(anchor: string): string {
  try {
    return withoutControls(decodeURIComponent(anchor))
  } catch {
    return anchor
  }
}

/** The id of the page that an attachment belongs to, where it is known. */
function attachmentPage({ within }: Resource, context: Context): string | undefined {
  return within ? resolve(referenceOf(within, context), context)?.id : context.options.pageId
}

function attachmentUrl(pageId: string, filename: string, { base }: Context): string {
  return `${base}download/attachments/${encodeSegment(pageId)}/${encodeSegment(filename)}`
}

function spaceKeyOf(resource: Resource): string | undefined {
  return resource.attribute('ri:space-key') ?? resource.within?.attribute('ri:space-key')
}

/** Confluence writes the spaces of a title as `+` in a path. */
function pathTitle(title: string): string {
  return encodeSegment(title).replaceAll('%20', '+')
}
