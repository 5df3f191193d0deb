/** Schemes that a link may have. */
export const LINK_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** Schemes that an image may have. */
export const IMAGE_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:'])

/**
 * Makes a URL absolute, by the rules that browsers read it by (so that no disguise of a scheme helps), and returns it if its scheme is one of
 * `schemes`.
 *
 * @param base what relative URLs are relative to, with a trailing slash
 */
export function safeUrl(url: string, base: string, schemes: ReadonlySet<string>): URL | undefined {
  const parsed = parse(url, base)
  return parsed && schemes.has(parsed.protocol) ? parsed : undefined
}

/** The scheme of a URL that was refused, to tell an operator; `undefined` where it has none. */
export function schemeOf(url: string, base: string): string | undefined {
  return parse(url, base)?.protocol.slice(0, 20)
}

/** The host of a URL, with its port; empty where it has none. */
export function hostOf(url: string): string {
  return parse(url, url)?.host ?? ''
}

/** Whether a text would lead upwards as a segment of a path, however it is encoded. */
export function isDots(text: string): boolean {
  return text === '.' || text === '..'
}

/** Encodes a segment of a path or a parameter; never throws, as `encodeURIComponent` does on half a surrogate pair. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Whether a text is the address that it links to, as people write it. */
export function isSameAddress(shown: string, href: string): boolean {
  const bare = (address: string) => address.replace(/^(?:https?:\/\/|mailto:|tel:)/, '').replace(/\/$/, '')
  return bare(shown) === bare(href) || bare(shown) === bare(decoded(href))
}

/** Hrefs are percent-encoded, while people read and write addresses without. */
function decoded(href: string): string {
  try {
    return decodeURI(href)
  } catch {
    return href
  }
}

function parse(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
