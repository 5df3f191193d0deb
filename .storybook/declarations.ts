import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ESTree, type Plugin, parseSync } from 'vite'
import type { Declaration, Declarations, Field } from '../stories/docs/declarations.ts'

/** A declared type where it is written. */
interface Found {
  code: string
  comments: ReturnType<typeof parseSync>['comments']
  node: ESTree.TSInterfaceDeclaration | ESTree.TSTypeAliasDeclaration
}

const isDeclared = (node: ESTree.Node | null): node is Found['node'] =>
  node?.type === 'TSInterfaceDeclaration' || node?.type === 'TSTypeAliasDeclaration'

const oneLine = (text: string) =>
  text
    .replace(/\/\*\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .trim()

/** What a comment says: its text before any tag, and its `@default`. */
function readComment(comment: string) {
  const text = comment.replace(/^\s*\*+ ?/gm, '').replace(/\{@link ([^}]+)\}/g, '`$1`')
  return {
    description: (text.split(/(?:^|\s)@\w+/)[0] ?? '').trim(),
    default: oneLine(/@default\s+([^@]+)/.exec(text)?.[1] ?? '') || null,
  }
}

/** The comment right before a piece of syntax. */
function commentOf({ code, comments }: Found, { start }: { start: number }) {
  const before = comments
    .filter(({ type, value, end }) => type === 'Block' && value.startsWith('*') && end <= start)
    .at(-1)
  return readComment(before && /^[\s|]*(?:export )?$/.test(code.slice(before.end, start)) ? before.value : '')
}

/** Everything that the files of a folder declare, by name. */
function findAll(folder: string) {
  const all = new Map<string, Found>()
  for (const file of readdirSync(folder).filter((name) => /\.tsx?$/.test(name))) {
    const code = readFileSync(join(folder, file), 'utf8')
    const { program, comments } = parseSync(file, code)
    for (const statement of program.body) {
      const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
      if (isDeclared(node)) all.set(node.id.name, { code, comments, node })
    }
  }
  return all
}

/** Reads what types say, from their sources: names, types, comments and defaults of what is in them. */
export function readDeclarations(folder: string): Declarations {
  const all = findAll(folder)

  const textOf = ({ code }: Found, { start, end }: { start: number; end: number }) => oneLine(code.slice(start, end))

  function memberOf(found: Found, member: ESTree.TSSignature): Field[] {
    if (!('key' in member) || member.key.type !== 'Identifier') return []
    const common = { name: member.key.name, optional: member.optional, ...commentOf(found, member) }
    if (member.type === 'TSMethodSignature') {
      const parameters = member.params.map((parameter) => textOf(found, parameter)).join(', ')
      const returned = member.returnType ? textOf(found, member.returnType.typeAnnotation) : 'void'
      return [{ ...common, type: `(${parameters}) => ${returned}`, fields: [] }]
    }
    const type = member.typeAnnotation?.typeAnnotation
    if (!type) return []
    const inPlace = type.type === 'TSTypeLiteral' || type.type === 'TSIntersectionType'
    return [{ ...common, type: textOf(found, type), fields: inPlace ? fieldsOf(found, type) : [] }]
  }

  function fieldsOfName(name: string): Field[] {
    const found = all.get(name)
    if (!found) return []
    const { node } = found
    if (node.type === 'TSTypeAliasDeclaration') return fieldsOf(found, node.typeAnnotation)
    const inherited = node.extends.flatMap(({ expression }) =>
      expression.type === 'Identifier' ? inheritedFrom(expression.name) : [],
    )
    return [...node.body.body.flatMap((member) => memberOf(found, member)), ...inherited]
  }

  /** What a type takes over from another one: what has no comment of its own is explained where all of its kind are. */
  function inheritedFrom(name: string): Field[] {
    const found = all.get(name)
    const { description } = found ? commentOf(found, found.node) : { description: '' }
    return fieldsOfName(name).map((field) => ({ ...field, description: field.description || description }))
  }

  function fieldsOf(found: Found, type: ESTree.TSType): Field[] {
    if (type.type === 'TSTypeLiteral') return type.members.flatMap((member) => memberOf(found, member))
    if (type.type === 'TSIntersectionType') return type.types.flatMap((part) => fieldsOf(found, part))
    if (type.type === 'TSTypeReference' && type.typeName.type === 'Identifier') return inheritedFrom(type.typeName.name)
    return []
  }

  function declarationOf(name: string, found: Found): Declaration {
    const { node } = found
    const union =
      node.type === 'TSTypeAliasDeclaration' && node.typeAnnotation.type === 'TSUnionType' ? node.typeAnnotation : null
    return {
      text: found.code.slice(node.start, node.end),
      description: commentOf(found, node).description,
      fields: fieldsOfName(name),
      variants: (union?.types ?? []).map((type) => ({
        type: textOf(found, type),
        description: commentOf(found, type).description,
        fields: fieldsOf(found, type),
      })),
    }
  }

  return Object.fromEntries([...all].map(([name, found]) => [name, declarationOf(name, found)]))
}

const id = 'virtual:declarations'

/** Gives the pages of the Storybook what the library's types say. */
export const declarations = (folder: string): Plugin => ({
  name: 'declarations',
  resolveId: (name) => (name === id ? `\0${id}` : null),
  load(name) {
    if (name !== `\0${id}`) return null
    for (const file of readdirSync(folder)) this.addWatchFile(join(folder, file))
    return `export default ${JSON.stringify(readDeclarations(folder))}`
  },
})
