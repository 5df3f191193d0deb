import style from './frame.css?inline'

/**
 * A page's HTML as a document of its own, for the `srcdoc` of a sandboxed frame.
 *
 * The policy keeps it from loading anything but images. The base sends links to a new window, which the sandbox does not
 * open: a link that loaded inside the frame would replace what is being read.
 */
export const frameDocument = (html: string): string => `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; img-src https: data:; style-src 'unsafe-inline'">
<base target="_blank">
<style>${style}</style>
<body dir="auto">${html}`
