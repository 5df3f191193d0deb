import { Parser } from 'htmlparser2'
import type { Random } from '../../../src/sandbox/random.ts'
import { sources } from './sources.ts'

interface Branch {
  name: string
  attributes: Record<string, string>
  children: Tree[]
}
type Tree = Branch | string

/** A word that stands wherever readers see nothing: it must not be in any output for them. */
export const CANARY = 'canary'

const HIDDEN_ATTRIBUTES = new Set([
  'local-id',
  'ac:local-id',
  'ac:macro-id',
  'ac:schema-version',
  'ri:version-at-save',
  'ac:ref',
])
const HIDDEN_ELEMENTS = ['ac:task-id', 'ac:task-uuid', 'ac:placeholder', 'script', 'style']

const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

function treesOf(storage: string): Tree[] {
  const root: Branch = { name: '', attributes: {}, children: [] }
  const open = [root]
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const branch = { name, attributes, children: [] }
        open.at(-1)?.children.push(branch)
        open.push(branch)
      },
      ontext: (text) => open.at(-1)?.children.push(text),
      onclosetag: () => open.pop(),
    },
    { xmlMode: true, decodeEntities: false },
  )
  parser.end(storage)
  return root.children
}

function write(tree: Tree): string {
  if (typeof tree === 'string') return tree.replace(/[<>]/g, escaped)
  const { name, attributes, children } = tree
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${HIDDEN_ATTRIBUTES.has(key) ? CANARY : value.replace(/[<>"]/g, escaped)}"`,
  )
  const content = HIDDEN_ELEMENTS.includes(name) ? CANARY : children.map(write).join('')
  return `<${name}${written.join('')}>${content}</${name}>`
}

const parsed = sources.filter(({ length }) => length < 15_000).map(treesOf)

/** Every element of some trees that has content of its own. */
function branchesOf(trees: Tree[]): Branch[] {
  return trees.flatMap((tree) => (typeof tree === 'string' ? [] : [tree, ...branchesOf(tree.children)]))
}

const BRANCH_LIMIT = 60

/** A well-formed page whose elements stand where those of other pages did, doubled, moved and renamed. */
export function reshaped(random: Random): string {
  const trees = structuredClone([random.pick(random.pick(parsed)), random.pick(random.pick(parsed))])
  for (let left = 1 + random.int(6); left > 0; left--) {
    const branches = branchesOf(trees)
    if (branches.length === 0 || branches.length > BRANCH_LIMIT) break
    const branch = random.pick(branches)
    const other = structuredClone(random.pick(branchesOf(random.pick(parsed))))
    const at = random.int(branch.children.length + 1)
    if (random.int(4) === 0) branch.name = random.int(4) ? other.name : random.pick(HIDDEN_ELEMENTS)
    else if (random.int(3) === 0) branch.children = [{ ...other, children: branch.children }]
    else branch.children.splice(at, random.int(2), other)
  }
  return trees.map(write).join('')
}
