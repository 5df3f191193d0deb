import type { Clock } from '../clock.ts'
import { revisionNote } from './bodies.ts'
import { newPage, type Page, type Site, type Space, storageOf, type World } from './world.ts'

/** A page that a change was made to, or why it was not. */
export type Edited =
  | { ok: true; site: Site; page: Page }
  | { ok: false; status: 400 | 404 | 409; code: string; message: string }

/** What an edit changes. With neither a title nor a body, the body gets a line that names the new version. */
export interface Edit {
  title?: string
  /** Storage format. */
  body?: string
  minorEdit?: boolean
  /** Changes the content but not the version, as live docs are known to do. Default false. */
  keepVersion?: boolean
}

/** A page to be made. Without a parent it goes below the space's home page. */
export interface NewPage {
  site: string
  /** Key or id of the space. */
  space: string
  title: string
  body?: string
  parentId?: string
}

/** Where a page goes. Moving to another space without a parent puts it below that space's home page. */
export interface Move {
  parentId?: string
  /** Key or id of a space of the same site. */
  space?: string
}

/** Everything that people do to pages while an app reads them. */
export interface Editor {
  find(id: string): Edited
  create(page: NewPage): Edited
  edit(id: string, edit: Edit): Edited
  /** Moves a page with all its children. As in Confluence this makes no new version. */
  move(id: string, move: Move): Edited
  setStatus(id: string, status: Page['status']): Edited
  setRestricted(id: string, restricted: boolean): Edited
  /** Deletes for good; children move up to the deleted page's parent. */
  purge(id: string): Edited
}

const refuse = (status: 400 | 404 | 409, code: string, message: string): Edited => ({
  ok: false,
  status,
  code,
  message,
})

/** The changes that the admin API offers, on a world and at the clock's time. */
export function createEditor(world: World, clock: Clock): Editor {
  const find = (id: string): Edited => {
    for (const site of world.sites) {
      const page = site.pages.get(Number(id)) ?? site.blogposts.get(Number(id))
      if (page) return { ok: true, site, page }
    }
    return refuse(
      404,
      'page_not_found',
      `There is no page with id ${id}. GET /sandbox/truth lists all pages of a site.`,
    )
  }

  const collectionOf = (site: Site, page: Page) => (page.kind === 'page' ? site.pages : site.blogposts)

  const findSpace = (site: Site, space: string): Space | undefined =>
    [...site.spaces.values()].find((each) => each.key === space || String(each.id) === space)

  const noSpace = (site: Site, space: string) =>
    refuse(404, 'space_not_found', `Site ${site.key} has no space ${space}. GET /sandbox/world lists the spaces.`)

  const titleTaken = (site: Site, spaceId: number, title: string, except?: Page) =>
    site.pages
      .sorted('id')
      .some((page) => page.spaceId === spaceId && page.title === title && page.status !== 'trashed' && page !== except)

  const clash = (title: string) =>
    refuse(409, 'title_taken', `Another page of this space is titled "${title}". Titles are unique within a space.`)

  const change = (id: string, apply: (site: Site, page: Page) => Edited | undefined): Edited => {
    const found = find(id)
    if (!found.ok) return found
    const refused = apply(found.site, found.page)
    if (refused) return refused
    collectionOf(found.site, found.page).changed()
    return found
  }

  const childrenOf = (site: Site, parentId: number) =>
    site.pages.sorted('id').filter((page) => page.parentId === parentId)

  const moveChildrenUp = (site: Site, { id, parentId, parentType }: Page) => {
    for (const child of childrenOf(site, id)) Object.assign(child, { parentId, parentType })
    site.pages.changed()
  }

  const isBelow = (site: Site, page: Page, ancestor: Page): boolean => {
    const seen = new Set<number>()
    for (
      let at: Page | undefined = page;
      at && !seen.has(at.id);
      at = at.parentId === null ? undefined : site.pages.get(at.parentId)
    ) {
      if (at === ancestor) return true
      seen.add(at.id)
    }
    return false
  }

  const setSpaceBelow = (site: Site, page: Page, spaceId: number) => {
    for (const child of childrenOf(site, page.id)) setSpaceBelow(site, child, spaceId)
    page.spaceId = spaceId
  }

  return {
    find,

    create({ site: siteKey, space: spaceKey, title, body, parentId }) {
      const site = world.sites.find((each) => each.key === siteKey)
      if (!site)
        return refuse(404, 'site_not_found', `There is no site ${siteKey}. GET /sandbox/world lists the sites.`)
      const space = findSpace(site, spaceKey)
      if (!space) return noSpace(site, spaceKey)
      if (titleTaken(site, space.id, title)) return clash(title)
      const parent = parentId === undefined ? space.homepageId : Number(parentId)
      if (parent !== null && site.pages.get(parent)?.spaceId !== space.id) {
        return refuse(
          400,
          'parent_invalid',
          `Page ${parent} is not in space ${space.key}. Give a parentId of that space, or none.`,
        )
      }
      const page = newPage({
        id: site.nextId(),
        spaceId: space.id,
        parentId: parent,
        parentType: parent === null ? null : 'page',
        title,
        createdAt: clock.now(),
        index: site.pages.size,
        storage: body ?? null,
      })
      site.pages.add(page)
      return { ok: true, site, page }
    },

    edit: (id, { title, body, minorEdit = false, keepVersion = false }) =>
      change(id, (site, page) => {
        if (title !== undefined && titleTaken(site, page.spaceId, title, page)) return clash(title)
        if (!keepVersion) Object.assign(page, { version: page.version + 1, modifiedAt: clock.now(), minorEdit })
        if (title !== undefined) page.title = title
        if (body !== undefined) page.storage = body
        else if (title === undefined && page.storage !== null) page.storage += revisionNote(page.version)
        else if (keepVersion && title === undefined)
          page.storage = `${storageOf(world, site, page)}<p>Edited in place.</p>`
        return undefined
      }),

    move: (id, { parentId, space: spaceKey }) =>
      change(id, (site, page) => {
        const parent = parentId === undefined ? undefined : site.pages.get(Number(parentId))
        if (parentId !== undefined && !parent)
          return refuse(404, 'parent_not_found', `Site ${site.key} has no page ${parentId} to move to.`)
        const space = spaceKey === undefined ? undefined : findSpace(site, spaceKey)
        if (spaceKey !== undefined && !space) return noSpace(site, spaceKey)
        if (!parent && !space) return refuse(400, 'nowhere', 'Say where to: give a parentId, a space, or both.')
        if (parent && space && parent.spaceId !== space.id) {
          return refuse(
            400,
            'parent_invalid',
            `Page ${parentId} is not in space ${space.key}. Leave out one of the two.`,
          )
        }
        if (parent && isBelow(site, parent, page))
          return refuse(400, 'parent_invalid', 'A page cannot move below itself.')
        const target = parent?.id ?? space?.homepageId ?? null
        const spaceId = parent?.spaceId ?? space?.id ?? page.spaceId
        if (spaceId !== page.spaceId && titleTaken(site, spaceId, page.title, page)) return clash(page.title)
        Object.assign(page, { parentId: target, parentType: target === null ? null : 'page' })
        if (spaceId !== page.spaceId) setSpaceBelow(site, page, spaceId)
        return undefined
      }),

    setStatus: (id, status) =>
      change(id, (site, page) => {
        if (status !== 'trashed' && page.status === 'trashed' && titleTaken(site, page.spaceId, page.title, page))
          return clash(page.title)
        if (status === 'trashed' && page.status !== 'trashed') moveChildrenUp(site, page)
        page.status = status
        return undefined
      }),

    setRestricted: (id, restricted) =>
      change(id, (_site, page) => {
        page.restricted = restricted
        return undefined
      }),

    purge: (id) =>
      change(id, (site, page) => {
        moveChildrenUp(site, page)
        collectionOf(site, page).remove(page.id)
        const space = site.spaces.get(page.spaceId)
        if (space?.homepageId === page.id) space.homepageId = null
        return undefined
      }),
  }
}
