/// <reference types="@vitejs/plugin-rsc/types" />
import { renderToReadableStream } from '@vitejs/plugin-rsc/rsc'
import { Page } from './Page.tsx'

/** Answers with the page as HTML. */
export default async function answer(): Promise<Response> {
  const { toHtml } = await import.meta.viteRsc.loadModule<typeof import('./entry.ssr.tsx')>('ssr', 'index')
  return new Response(await toHtml(renderToReadableStream(<Page />)), { headers: { 'content-type': 'text/html' } })
}
