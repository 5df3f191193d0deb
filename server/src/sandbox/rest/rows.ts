import { timestamp } from '../clock.ts'
import { hash } from '../random.ts'
import { authorOf, type Page, type Site, type Space, storageOf, type World } from '../world/world.ts'
import { type BodyFormat, renderBody } from './formats.ts'

const labelNames = ['howto', 'draft', 'archive-soon', 'customer-facing', 'internal'] as const

/** A page's labels: none to two, always the same. */
export const labelsOf = (page: Page) =>
  labelNames
    .map((name, index) => ({ id: String(1001 + index), name, prefix: 'global' }))
    .filter((_, index) => hash('label', page.id, index) % 5 === 0)

/** The short link: base64 of the id's bytes, lowest first, without padding and trailing zeros. */
function tinyLink(id: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(id))
  return `/x/${bytes.toString('base64').replace(/=+$/, '').replace(/A+$/, '').replaceAll('+', '_').replaceAll('/', '-')}`
}

/** Confluence leaves the title out of a link unless it is Latin throughout. */
const slug = (title: string) =>
  /^[\u0020-\u024f]*$/.test(title) ? `/${encodeURIComponent(title).replaceAll('%20', '+')}` : ''

function webLink(site: Site, page: Page): string {
  const space = site.spaces.get(page.spaceId)
  if (space?.homepageId === page.id) return `/spaces/${space.key}/overview`
  if (page.kind === 'page') return `/spaces/${space?.key}/pages/${page.id}${slug(page.title)}`
  const day = timestamp(page.createdAt).slice(0, 10).replaceAll('-', '/')
  return `/spaces/${space?.key}/blog/${day}/${page.id}${slug(page.title)}`
}

/** The `version` object of a page. */
export const versionRow = (world: World, page: Page, number = page.version) => ({
  number,
  message: '',
  minorEdit: number === page.version && page.minorEdit,
  authorId: authorOf(world, page, number),
  createdAt: timestamp(versionTime(page, number)),
  ncsStepVersion: null,
})

/** Earlier versions are spread evenly between creation and the last change. */
function versionTime(page: Page, number: number): number {
  if (number >= page.version) return page.modifiedAt
  return page.createdAt + Math.floor(((page.modifiedAt - page.createdAt) * (number - 1)) / page.version)
}

/** A page or blog post as lists and single reads show it. */
export function pageRow(world: World, site: Site, page: Page, format: BodyFormat | null, version = page.version) {
  const space = site.spaces.get(page.spaceId)
  const author = authorOf(world, page, 1)
  const body = format && {
    [format]: {
      representation: format,
      value: renderBody(format, storageOf(world, site, page, version), { site, page }),
    },
  }
  return {
    ...(page.kind === 'page' && {
      parentType: page.parentType,
      parentId: page.parentId === null ? null : String(page.parentId),
      ownerId: author,
      lastOwnerId: null,
      position: hash('position', page.id) % 1000,
    }),
    createdAt: timestamp(page.createdAt),
    authorId: author,
    version: versionRow(world, page, version),
    spaceId: String(page.spaceId),
    status: version === page.version ? page.status : 'historical',
    body: body ?? {},
    title: page.title,
    id: String(page.id),
    ...(page.live && { subtype: 'live' }),
    _links: {
      editui: `/pages/resumedraft.action?draftId=${page.id}`,
      webui: webLink(site, page),
      edituiv2: `/spaces/${space?.key}/pages/edit-v2/${page.id}`,
      tinyui: tinyLink(page.id),
    },
  }
}

/** A space as lists and single reads show it. */
export const spaceRow = (world: World, space: Space, description: 'plain' | 'view' | null, icon: boolean) => ({
  spaceOwnerId: world.accounts[0]?.id,
  createdAt: timestamp(space.createdAt),
  authorId: world.accounts[0]?.id,
  homepageId: space.homepageId === null ? null : String(space.homepageId),
  icon: icon ? { path: '/images/logo/default-space-logo.svg', apiDownloadLink: '' } : null,
  description: description && { [description]: { representation: description, value: '' } },
  status: space.status,
  name: space.name,
  key: space.key,
  id: String(space.id),
  type: space.type,
  _links: { webui: `/spaces/${space.key}` },
  currentActiveAlias: space.key,
})
