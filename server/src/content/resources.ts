import { withoutControls } from './entities.ts'
import { anchorId } from './ids.ts'
import type { NodeOf } from './nodes.ts'
import type { Context, Resource } from './rules.ts'
import { encodeSegment, IMAGE_SCHEMES, isDots, isExternal, LINK_SCHEMES, safeUrl, schemeOf } from './urls.ts'

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
  const href = safeUrl(trimmed, context.base, LINK_SCHEMES)
  if (href === undefined) {
    context.warn('unsafe_url', schemeOf(trimmed, context.base))
    return undefined
  }
  return { kind: 'link', href, external: isExternal(href, context.base) }
}

/** The source of an image by its resource: an attachment of this page or a URL. */
export function imageSource(resource: Resource | undefined, context: Context): string | undefined {
  if (resource?.name === 'ri:url') return imageUrl(resource.attribute('ri:value') ?? '', context)
  const filename = resource?.attribute('ri:filename')
  return filename && !resource?.within ? attachmentUrl(filename, context) : undefined
}

/** An image by URL as authors write it. Unsafe ones are refused. */
export function imageUrl(url: string, context: Context): string | undefined {
  const src = safeUrl(url.trim(), context.base, IMAGE_SCHEMES)
  if (src === undefined) context.warn('unsafe_url', schemeOf(url.trim(), context.base))
  return src
}

/** The target of a page, by its title. */
export function pageTarget(title: string, spaceKey: string | undefined, context: Context): Target {
  const { options, base } = context
  const space = spaceKey ?? options.spaceKey
  const page = options.resolvePage?.({ title, ...(space === undefined ? {} : { spaceKey: space }) })
  const href =
    (page && safeUrl(page.url, base, LINK_SCHEMES)) ??
    (space && !isDots(title)
      ? `${base}display/${encodeSegment(space)}/${pathTitle(title)}`
      : `${base}search?text=${encodeSegment(title)}`)
  return { link: siteLink(href), title: page?.title ?? title }
}

/** The target of an attachment of this page. */
export function attachmentTarget(filename: string, context: Context): Target {
  return { link: siteLink(attachmentUrl(filename, context)), title: filename }
}

type TargetRule = (resource: Resource, context: Context) => Target

/** One row per resource element. */
const TARGETS = new Map<string, TargetRule>(
  Object.entries({
    'ri:page': (resource, context) =>
      pageTarget(resource.attribute('ri:content-title') ?? context.options.title ?? '', spaceKeyOf(resource), context),
    'ri:blog-post': (resource, context) => {
      const title = resource.attribute('ri:content-title') ?? ''
      const space = spaceKeyOf(resource) ?? context.options.spaceKey
      const day = /^(\d{4})[-/](\d\d)[-/](\d\d)/.exec(resource.attribute('ri:posting-day') ?? '')
      if (!space || !day) return pageTarget(title, space, context)
      const path = `${encodeSegment(space)}/${day[1]}/${day[2]}/${day[3]}/${pathTitle(title)}`
      return { link: siteLink(`${context.base}display/${path}`), title }
    },
    'ri:attachment': (resource, context) => {
      const filename = resource.attribute('ri:filename') ?? ''
      if (!resource.within) return attachmentTarget(filename, context)
      // Where its page is another one, its id and so the address of the attachment is unknown: lead to the page.
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
      const address = `${base}pages/viewpage.action?pageId=${encodeSegment(id)}`
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

function attachmentUrl(filename: string, { base, options }: Context): string {
  return `${base}download/attachments/${encodeSegment(options.pageId)}/${encodeSegment(filename)}`
}

function spaceKeyOf(resource: Resource): string | undefined {
  return resource.attribute('ri:space-key') ?? resource.within?.attribute('ri:space-key')
}

/** Confluence writes the spaces of a title as `+` in a path. */
function pathTitle(title: string): string {
  return encodeSegment(title).replaceAll('%20', '+')
}
