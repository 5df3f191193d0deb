import type { Page, Space } from '../../src/sandbox/world/world.ts'
import {
  type Acts,
  adminCall,
  currentPages,
  pagesThatAre,
  postsThatAre,
  type Scene,
  siteOf,
  sparePages,
} from './scene.ts'

/** As the editor wants it; nobody's where there is none, and then nothing happens. */
const oneOf = ({ random }: Scene, pages: readonly Page[]) => (pages.length > 0 ? String(random.pick(pages).id) : '')
const anyPage = (scene: Scene) => oneOf(scene, currentPages(scene))
const spare = (scene: Scene) => oneOf(scene, sparePages(scene))
const anyPost = (scene: Scene) => oneOf(scene, postsThatAre(scene, 'current'))
const spacesOf = ({ sandbox }: Scene): Space[] => [...siteOf(sandbox).spaces.values()]
const anySpace = (scene: Scene) => String(scene.random.pick(spacesOf(scene)).id)

/** What people do in Confluence. */
export const people = {
  edit: (scene) =>
    scene.sandbox.editor.edit(anyPage(scene), {
      body: `<p>Edited ${scene.random.int(1_000_000)} &amp; saved.</p>`,
      minorEdit: scene.random.int(2) === 0,
    }).ok,
  rename: (scene) => scene.sandbox.editor.edit(anyPage(scene), { title: `Renamed ${scene.random.int(1_000_000)}` }).ok,
  create: (scene) =>
    scene.sandbox.editor.create({ site: 'acme', space: anySpace(scene), title: `New ${scene.random.int(1_000_000)}` })
      .ok,
  'move below another page': (scene) => scene.sandbox.editor.move(spare(scene), { parentId: anyPage(scene) }).ok,
  'move to another space': (scene) => scene.sandbox.editor.move(spare(scene), { space: anySpace(scene) }).ok,
  trash: (scene) => scene.sandbox.editor.setStatus(spare(scene), 'trashed').ok,
  archive: (scene) => scene.sandbox.editor.setStatus(spare(scene), 'archived').ok,
  restore: (scene) =>
    scene.sandbox.editor.setStatus(
      oneOf(scene, [...pagesThatAre(scene, 'trashed'), ...pagesThatAre(scene, 'archived')]),
      'current',
    ).ok,
  delete: (scene) => scene.sandbox.editor.purge(spare(scene)).ok,
  restrict: (scene) => scene.sandbox.editor.setRestricted(spare(scene), true).ok,
  unrestrict: (scene) => scene.sandbox.editor.setRestricted(oneOf(scene, restricted(scene)), false).ok,
  'edit a blog post': (scene) =>
    scene.sandbox.editor.edit(anyPost(scene), { body: `<p>News ${scene.random.int(1_000_000)}.</p>` }).ok,
  'rename a blog post': (scene) =>
    scene.sandbox.editor.edit(anyPost(scene), { title: `News ${scene.random.int(1_000_000)}` }).ok,
  'trash a blog post': (scene) => scene.sandbox.editor.setStatus(anyPost(scene), 'trashed').ok,
  'restore a blog post': (scene) =>
    scene.sandbox.editor.setStatus(oneOf(scene, postsThatAre(scene, 'trashed')), 'current').ok,
  'delete a blog post': (scene) => scene.sandbox.editor.purge(anyPost(scene)).ok,
  'restrict a blog post': (scene) => scene.sandbox.editor.setRestricted(anyPost(scene), true).ok,
  'unrestrict a blog post': (scene) => scene.sandbox.editor.setRestricted(oneOf(scene, hiddenPosts(scene)), false).ok,
} satisfies Acts

const restricted = (scene: Scene) => currentPages(scene).filter((page) => page.restricted)
const hiddenPosts = (scene: Scene) => postsThatAre(scene, 'current').filter((post) => post.restricted)

/** A share of the pages of one space: from a few to more than may vanish without a question. */
function manyOfOneSpace(scene: Scene): Page[] {
  const spares = sparePages(scene)
  if (spares.length === 0) return []
  const { spaceId } = scene.random.pick(spares)
  const inSpace = spares.filter((page) => page.spaceId === spaceId)
  return inSpace.slice(0, Math.ceil((inSpace.length * (1 + scene.random.int(9))) / 10))
}

const someOf = (scene: Scene, status: Space['status']) => spacesOf(scene).filter((space) => space.status === status)

async function setSpace(scene: Scene, spaces: Space[], archived: boolean): Promise<boolean> {
  if (spaces.length === 0) return false
  const { key } = scene.random.pick(spaces)
  return (await adminCall(scene.sandbox, '/sandbox/archive-space', { site: 'acme', space: key, archived })).ok
}

/** What admins do: much at once. */
export const admins = {
  'restrict many': (scene) =>
    manyOfOneSpace(scene).filter(({ id }) => scene.sandbox.editor.setRestricted(String(id), true).ok).length > 0,
  'unrestrict all': (scene) =>
    restricted(scene).filter(({ id }) => scene.sandbox.editor.setRestricted(String(id), false).ok).length > 0,
  'trash many': (scene) =>
    manyOfOneSpace(scene).filter(({ id }) => scene.sandbox.editor.setStatus(String(id), 'trashed').ok).length > 0,
  'delete many': (scene) =>
    manyOfOneSpace(scene).filter(({ id }) => scene.sandbox.editor.purge(String(id)).ok).length > 0,
  'archive a space': (scene) => setSpace(scene, someOf(scene, 'current'), true),
  'bring a space back': (scene) => setSpace(scene, someOf(scene, 'archived'), false),
} satisfies Acts
