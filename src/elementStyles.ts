import css from './styles.css?inline'

const tokens = /:where\(\.cc-root\)\s*\{([^}]*)\}/
const token = /--(cc-[\w-]+)\s*:\s*([^;}]+)/g

/**
 * The stylesheet for a shadow root. There the tokens' defaults would hide what the page says around: each is therefore what
 * the page says, and only else its default. It takes two steps, since a property cannot be made of itself.
 */
const forShadowRoot = (styles: string) =>
  styles.replace(tokens, (block) => {
    const given: string[] = []
    const defaults = block.replace(token, (_, name: string, value: string) => {
      given.push(`--given-${name}: var(--${name});`)
      return `--${name}: var(--given-${name}, ${value})`
    })
    return `:host { ${given.join(' ')} } ${defaults}`
  })

// No box of their own: what is inside lies in the page as if it were written there.
const host = ':host, .cc-mount { display: contents } :host([hidden]) { display: none }'

let sheet: CSSStyleSheet | undefined

/** The stylesheet that all elements share. A content security policy allows it, since nothing is injected. */
export function sharedSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(`${host} ${forShadowRoot(css)}`)
  }
  return sheet
}
