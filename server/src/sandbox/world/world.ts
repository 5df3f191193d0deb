import { createRandom, hash, type Random } from '../random.ts'
import { generateBody } from './bodies.ts'
import { type Account, accountsOf, type SiteProfile, sitesOf } from './cast.ts'
import { type Collection, createCollection } from './collection.ts'
import type { Sample } from './samples.ts'
import { titleFor } from './vocabulary.ts'

/** How the sandbox keeps a space. Times are milliseconds since the epoch. */
export interface Space {
  id: number
  key: string
  name: string
  type: 'global' | 'personal'
  status: 'current' | 'archived'
  homepageId: number | null
  createdAt: number
  /** True where an admin keeps apps out: the space is listed, its content is not. */
  blocked: boolean
}

/** What a page can hang below; all but `page` are invisible to an app with our scopes. */
export type ParentType = 'page' | 'folder' | 'whiteboard' | 'database' | 'embed'

/** How the sandbox keeps a page or blog post. Bodies are made when they are asked for: 100,000 pages stay small. */
export interface Page {
  id: number
  kind: 'page' | 'blogpost'
  spaceId: number
  parentId: number | null
  parentType: ParentType | null
  title: string
  status: 'current' | 'archived' | 'trashed'
  /** A live doc: Confluence calls it `subtype: "live"`. */
  live: boolean
  /** Restricted pages exist but are shown to nobody who signs in here. */
  restricted: boolean
  createdAt: number
  version: number
  modifiedAt: number
  minorEdit: boolean
  /** The page that the generated body links to, as it was called when the body was written. */
  linkedTitle: string
  /** Position among the generated pages of its site. */
  index: number
  /** The body, or null where it is generated from the seed, the id and the version. */
  storage: string | null
}

/** One Confluence Cloud site with all its content. */
export interface Site extends SiteProfile {
  /** By id, in the order of creation. */
  spaces: Map<number, Space>
  pages: Collection
  blogposts: Collection
  /** False once an admin has uninstalled the app. */
  installed: boolean
  /** The next free id; ids grow, with gaps. */
  nextId(): number
}

/** Everything that the sandbox pretends exists. */
export interface World {
  seed: number
  sites: Site[]
  accounts: Account[]
}

/** How large a world is made. */
export interface WorldSize {
  /** Generated pages of the first site. */
  pages: number
  /** Generated spaces of the first site, beside the one with the samples. */
  spaces: number
}

const firstDay = Date.UTC(2019, 0, 7)
/** Generated pages are older than the samples, so that ids and dates grow together. */
const lastGenerated = Date.UTC(2024, 5, 1)
const samplesFrom = Date.UTC(2026, 5, 1)
const lastDay = Date.UTC(2026, 8, 1)
const hour = 3_600_000
/** Below this id everything is generated, above it are the samples and what is created later. */
const generatedIdStep = 400
const laterIds = 2_000_000_000
const deepest = 4

const spaceNames = [
  'Engineering',
  'Operations',
  'Customer support',
  'People',
  'Sales',
  'Legal',
  'Finance',
  'Research',
] as const
const keyOf = (name: string) =>
  name
    .replace(/[^A-Za-z]/g, '')
    .slice(0, 4)
    .toUpperCase()

/** Odd ones that every world of more than a few pages has, by their distance from the newest generated page. */
const oddPages: readonly Partial<Page>[] = [
  { status: 'archived' },
  { status: 'archived' },
  { status: 'archived' },
  { status: 'trashed' },
  { status: 'trashed' },
  { status: 'trashed' },
  { live: true },
  { parentType: 'folder' },
  { parentType: 'folder' },
  { parentType: 'whiteboard' },
  { parentType: 'database' },
  { parentType: 'embed' },
]
const leastForOdd = 40

function createIds(random: Random, first: number, step: number) {
  let id = first
  return () => {
    id += 1 + random.int(step)
    return id
  }
}

/** A current page of version 1, unless told otherwise. */
export const newPage = (page: Pick<Page, 'id' | 'spaceId' | 'title' | 'createdAt'> & Partial<Page>): Page => ({
  kind: 'page',
  parentId: null,
  parentType: null,
  status: 'current',
  live: false,
  restricted: false,
  version: 1,
  modifiedAt: page.createdAt,
  minorEdit: false,
  linkedTitle: 'Home',
  index: 0,
  storage: null,
  ...page,
})

/** Titles are unique within a space. */
function createTitles() {
  const taken = new Map<number, Set<string>>()
  return (spaceId: number, wanted: string, index: number) => {
    const titles = taken.get(spaceId) ?? new Set()
    taken.set(spaceId, titles)
    const title = titles.has(wanted) ? `${wanted} ${index}` : wanted
    titles.add(title)
    return title
  }
}

function addSpaces(site: Site, count: number, owner: Account, firstId: number): Space[] {
  return Array.from({ length: count }, (_, index) => {
    const personal = count >= 3 && index === count - 2
    const archived = count >= 3 && index === count - 1
    const name = archived ? 'Old intranet' : personal ? owner.name : (spaceNames[index] ?? `Team ${index + 1}`)
    const space: Space = {
      id: firstId + index * 65_536,
      key: personal
        ? `~${owner.id.replace(/[^A-Za-z0-9]/g, '')}`
        : archived
          ? 'OLD'
          : index < spaceNames.length
            ? keyOf(name)
            : `TEAM${index + 1}`,
      name,
      type: personal ? 'personal' : 'global',
      status: archived ? 'archived' : 'current',
      homepageId: null,
      createdAt: firstDay + index * hour,
      blocked: false,
    }
    site.spaces.set(space.id, space)
    return space
  })
}

interface Branch {
  id: number
  title: string
  depth: number
}

/** Spreads generated pages over spaces, the first spaces getting the most, as trees that are at most four deep below the home page. */
function addGeneratedPages(site: Site, spaces: readonly Space[], count: number, random: Random, nextId: () => number) {
  const uniqueTitle = createTitles()
  const branches = new Map<number, Branch[]>(spaces.map((space) => [space.id, []]))
  const step = (lastGenerated - firstDay) / Math.max(count, 1)
  for (let index = 0; index < count; index += 1) {
    // The product of two numbers below one leans to the low end: uneven spaces.
    const leaning = Math.floor((random.int(1000) * random.int(1000) * spaces.length) / 1_000_000)
    const space = spaces[index < spaces.length ? index : leaning] as Space
    const siblings = branches.get(space.id) as Branch[]
    // The first ones go straight down, so that even a small space is four deep.
    const near = siblings.length <= deepest ? siblings.at(-1) : siblings[random.int(siblings.length)]
    const parent = near && near.depth >= deepest ? siblings[0] : near
    const odd = parent && count >= leastForOdd ? oddPages[count - 1 - index] : undefined
    const createdAt = Math.floor(firstDay + (index + random.int(1000) / 1000) * step)
    const version = random.int(3) === 0 ? 1 : 2 + random.int(8)
    const title = uniqueTitle(space.id, parent ? titleFor(index, random) : `${space.name} home`, index)
    const page = newPage({
      id: nextId(),
      spaceId: space.id,
      parentId: parent?.id ?? null,
      parentType: parent ? 'page' : null,
      title,
      createdAt,
      version,
      modifiedAt: version === 1 ? createdAt : createdAt + random.int(lastDay - createdAt),
      minorEdit: version > 1 && random.int(5) === 0,
      linkedTitle: parent?.title ?? title,
      index,
      ...odd,
      ...(odd?.parentType && { parentId: nextId() }),
    })
    site.pages.add(page)
    if (!parent) space.homepageId = page.id
    if (!odd) siblings.push({ id: page.id, title, depth: (parent?.depth ?? -1) + 1 })
  }
}

/** Blog posts live beside pages; apps that read pages may read them as well. */
function addBlogPosts(site: Site, spaces: readonly Space[], random: Random, nextId: () => number) {
  for (const [index, space] of spaces.slice(0, 2).entries()) {
    for (const [offset, season] of ['Spring', 'Summer', 'Autumn'].entries()) {
      const createdAt = lastGenerated + (index * 3 + offset) * 24 * hour
      site.blogposts.add(
        newPage({
          kind: 'blogpost',
          id: nextId(),
          spaceId: space.id,
          title: `${season} news`,
          createdAt,
          index: random.int(100),
        }),
      )
    }
  }
}

function addSamples(site: Site, samples: readonly Sample[]) {
  const space: Space = {
    id: 98_306,
    key: 'DOCS',
    name: 'Product documentation',
    type: 'global',
    status: 'current',
    homepageId: 98_307,
    createdAt: firstDay,
    blocked: false,
  }
  site.spaces.set(space.id, space)
  site.pages.add(
    newPage({
      id: 98_307,
      spaceId: space.id,
      title: 'Product documentation home',
      createdAt: firstDay,
      storage:
        '<p>Welcome. Everything we have written down about the product is below this page.</p><ac:structured-macro ac:name="children" ac:schema-version="2" />',
    }),
  )
  const listed = new Set(samples.map((sample) => sample.id))
  const title = createTitles()
  for (const [index, sample] of samples.entries()) {
    const createdAt = sample.createdAt ?? samplesFrom + index * hour
    site.pages.add(
      newPage({
        id: sample.id ?? site.nextId(),
        spaceId: space.id,
        // Most parents of the real pages were not published with them.
        parentId: sample.parentId && listed.has(sample.parentId) ? sample.parentId : space.homepageId,
        parentType: 'page',
        title: title(space.id, sample.title, index),
        createdAt,
        version: sample.version,
        modifiedAt: sample.modifiedAt ?? createdAt,
        storage: sample.storage,
      }),
    )
  }
}

/** Content of the sites beside the first one, whatever the size asked for. */
const otherSites = [
  { pages: 40, spaces: 2 },
  { pages: 12, spaces: 1 },
]

/** Makes the whole world: the same seed, size and samples give the same world. */
export function createWorld(seed: number, size: WorldSize, samples: readonly Sample[]): World {
  const accounts = accountsOf(seed)
  const owner = accounts[0] as Account
  const sites = sitesOf(seed).map((profile, index): Site => {
    const random = createRandom('site', profile.key, seed)
    // No two sites share an id, so that the admin API can name a page by its id alone.
    const base = index * 10_000_000_000
    const site: Site = {
      ...profile,
      spaces: new Map(),
      pages: createCollection(),
      blogposts: createCollection(),
      installed: true,
      nextId: createIds(random, base + laterIds, generatedIdStep),
    }
    const generatedId = createIds(random, base + 1_048_576, generatedIdStep)
    if (index === 0) addSamples(site, samples)
    const { pages, spaces } = otherSites[index - 1] ?? size
    const generated = addSpaces(site, spaces, owner, base + 163_842)
    addGeneratedPages(site, generated, pages, random, generatedId)
    addBlogPosts(site, generated, random, generatedId)
    return site
  })
  return { seed, sites, accounts }
}

/** The account that wrote a version of a page. */
export const authorOf = (world: World, page: Page, version = page.version): string =>
  (world.accounts[hash(page.id, version) % world.accounts.length] as Account).id

/** The body of a page in storage format, now or in an earlier version. */
export function storageOf(world: World, site: Site, page: Page, version = page.version): string {
  if (page.storage !== null) return page.storage
  const [first, second] = site.spaces.values()
  return generateBody({
    seed: world.seed,
    pageId: page.id,
    version,
    index: page.index,
    linkedTitle: page.linkedTitle,
    spaceKey: first?.key ?? '',
    otherSpaceKey: (second ?? first)?.key ?? '',
    accountId: authorOf(world, page, 1),
  })
}
