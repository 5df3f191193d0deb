import type { CompositeRule, ElementRule } from './rules.ts'

/** The source of a formula is what can be read as text; how its signs stand is not. */
const formula: CompositeRule = (composite, body) => {
  const source = composite.value('source')
  if (body !== undefined || source === undefined) return [{ text: composite.value('signs') ?? '' }]
  return composite.element.attribute('display') === 'block'
    ? [{ open: { kind: 'code', language: 'latex' } }, { text: source }]
    : [{ open: { kind: 'mark', tag: 'code' } }, { text: source }]
}

const unwrap: ElementRule = { does: 'unwrap' }

/** Elements that say how the signs of a formula stand. */
const SIGNS =
  'menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover'

/** One row per element of MathML, as tools write it that render formulas before Confluence sees them. */
export const MATH: Record<string, ElementRule> = {
  math: { does: 'compose', rule: formula },
  semantics: { does: 'tell', name: () => 'signs', holdsOthers: true },
  annotation: {
    does: 'tell',
    name: (element) => (element.attribute('encoding') === 'application/x-tex' ? 'source' : 'annotation'),
  },
  'annotation-xml': { does: 'hide' },
  ...Object.fromEntries(SIGNS.split(' ').map((name) => [name, unwrap])),
}
