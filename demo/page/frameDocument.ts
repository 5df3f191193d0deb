import style from './frame.css?inline'

// The policy lets a page load images and nothing else. The base sends links to a new window, which an empty sandbox does
// not open: loaded inside the frame, they would replace what is being read.
const head = `
<meta http-equiv="content-security-policy" content="default-src 'none'; img-src https: data:; style-src 'unsafe-inline'">
<base target="_blank">
<style>${style}</style>`

/**
 * Makes a page ready for the `srcdoc` of a sandboxed frame: with this app's reading styles, in the direction of its own
 * script, and with links that stay inside the page working.
 *
 * @param html the document that the server gives
 */
export function frameDocument(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  page.head.insertAdjacentHTML('beforeend', head)
  page.body.dir = 'auto'
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
    // A bare fragment would lead to this app: a frame's document takes its base address from the page around it.
    link.href = `about:srcdoc${link.hash}`
    link.target = '_self'
  }
  return `<!doctype html>${page.documentElement.outerHTML}`
}
