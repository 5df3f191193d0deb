import path from 'node:path'
import { type ESTree, parseSync } from 'vite'
import { manifest, read } from './packed.ts'

type Syntax = ESTree.Node

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** A piece of syntax and all in it, each with what it is directly in. */
function* walk(syntax: Syntax, parent: Syntax | null = null): Generator<[Syntax, Syntax | null]> {
  yield [syntax, parent]
  for (const part of Object.values(syntax).flat()) if (isSyntax(part)) yield* walk(part, syntax)
}

const parse = (code: string) => {
  const { program, errors } = parseSync('file.js', code)
  if (errors.length > 0) throw new SyntaxError(errors.map(({ message }) => message).join('\n'))
  return program
}

/** What a script imports: when it is loaded, and later. */
export function importsOf(code: string) {
  const now: string[] = []
  const later: (string | null)[] = []
  for (const [syntax] of walk(parse(code))) {
    if (syntax.type === 'ImportExpression') {
      later.push(syntax.source.type === 'Literal' ? String(syntax.source.value) : null)
    } else if ('source' in syntax && isSyntax(syntax.source) && syntax.source.type === 'Literal') {
      now.push(String(syntax.source.value))
    }
  }
  return { now, later }
}

/** The directive that a script starts with. */
export const directiveOf = (code: string) => {
  const [first] = parse(code).body
  return first && 'directive' in first ? first.directive : null
}

const isReact = (name: string) => /^(react|react-dom)(\/|$)/.test(name)

/** The published file that a relative import of another means. */
export const resolve = (from: string, name: string) => path.posix.join(path.posix.dirname(from), name)

/** A published script and all that is loaded with it. */
export function loadedWith(file: string, seen = new Set<string>()) {
  seen.add(file)
  for (const name of importsOf(read(file)).now) {
    const next = resolve(file, name)
    if (name.startsWith('.') && !seen.has(next)) loadedWith(next, seen)
  }
  return seen
}

/** Whether React is loaded with a published script. */
export const needsReact = (file: string) =>
  [...loadedWith(file)].some((loaded) => importsOf(read(loaded)).now.some(isReact))

const packages = Object.keys(manifest.peerDependencies)
const isAllowed = (name: string) =>
  /^\.\.?\//.test(name) || packages.some((known) => name === known || name.startsWith(`${known}/`))

const isName = (syntax: unknown, ...names: string[]) =>
  isSyntax(syntax) && syntax.type === 'Identifier' && names.includes(syntax.name)

/** Whether a name stands for a value, rather than for a part of one. */
const isValue = (syntax: Syntax, parent: Syntax | null) =>
  !(parent?.type === 'MemberExpression' && parent.property === syntax && !parent.computed) &&
  !(parent?.type === 'Property' && parent.key === syntax && !parent.computed && !parent.shorthand)

const makesElement = (syntax: Syntax) =>
  syntax.type === 'CallExpression' &&
  (isName(syntax.callee, 'jsx', 'jsxs', 'createElement') ||
    (syntax.callee.type === 'MemberExpression' && isName(syntax.callee.property, 'createElement')))

/** What strict content policies and browsers refuse, by the reason. */
const refused: Record<string, (syntax: Syntax, parent: Syntax | null) => boolean> = {
  'makes code from text': (syntax) =>
    ((syntax.type === 'CallExpression' || syntax.type === 'NewExpression') && isName(syntax.callee, 'Function')) ||
    (syntax.type === 'CallExpression' && isName(syntax.callee, 'eval')),
  'makes a style or script element': (syntax) =>
    makesElement(syntax) &&
    syntax.type === 'CallExpression' &&
    syntax.arguments[0]?.type === 'Literal' &&
    ['style', 'script'].includes(String(syntax.arguments[0].value)),
  'adds rules to a stylesheet': (syntax) => isName(syntax, 'insertRule', 'addRule'),
  'needs what only Node has': (syntax, parent) =>
    isName(syntax, 'process', 'Buffer', 'global', '__dirname', '__filename', 'require') &&
    isValue(syntax, parent) &&
    !(parent?.type === 'MemberExpression' && isName(syntax, 'process') && isName(parent.property, 'env')),
  'reads another variable than NODE_ENV': (syntax) =>
    syntax.type === 'MemberExpression' &&
    syntax.object.type === 'MemberExpression' &&
    isName(syntax.object.object, 'process') &&
    isName(syntax.object.property, 'env') &&
    !isName(syntax.property, 'NODE_ENV'),
}

/** What a script does that browsers with a strict policy refuse, or that bundlers cannot follow. */
export function problemsOf(code: string) {
  const problems = [...walk(parse(code))].flatMap(([syntax, parent]) =>
    Object.keys(refused).filter((reason) => refused[reason]?.(syntax, parent)),
  )
  const { now, later } = importsOf(code)
  const foreign = [...now, ...later].filter((name) => name === null || !isAllowed(name))
  return [...new Set(problems), ...foreign.map((name) => `imports ${name ?? 'what only running it tells'}`)]
}

const asks = /@import\b|@font-face\b|https?:(?!\/\/www\.w3\.org\/)|url\((?!\s*['"]?(?:data:|#))[^)]*\)/gi

/** What a stylesheet asks other hosts or other files for. */
export const requestsOf = (css: string) => {
  const rules = css.replace(/\/\*[\s\S]*?\*\//g, '')
  return [...rules.matchAll(asks)].map(([found]) => found)
}

/** What the rules of a stylesheet choose, one by one; steps of an animation choose nothing. */
export const selectorsOf = (css: string) => {
  const rules = css.replace(/\/\*[\s\S]*?\*\/|"[^"]*"|@keyframes[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}/g, '')
  const heads = [...rules.matchAll(/([^{};]+)\{/g)].map(([, head = '']) => head.trim())
  const lists = heads.filter((head) => !head.startsWith('@'))
  return lists.flatMap((list) => list.split(/,(?![^(]*\))/)).map((selector) => selector.trim())
}
