import ours from '../../src/styles.css?inline'
import type { Host } from './hosts.tsx'

/** Puts stylesheets into the page, in this order, in place of those that were there. */
export function setSheets(...texts: string[]) {
  for (const old of document.querySelectorAll('style[data-sheet]')) old.remove()
  for (const text of texts) {
    const style = document.createElement('style')
    style.dataset.sheet = ''
    style.textContent = text
    document.head.append(style)
  }
}

/** The stylesheets of a page that has ours before or after its own. */
export const sheetsOf = ({ css, layers }: Host) => {
  const own = layers ? `@layer confluence-connect {\n${ours}}` : ours
  const first = layers ?? ''
  return { 'before ours': [first, css, own], 'after ours': [first, own, css] }
}

export { ours }
