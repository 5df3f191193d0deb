import { createFromReadableStream } from '@vitejs/plugin-rsc/ssr'
import type { ReactNode } from 'react'
import { renderToReadableStream } from 'react-dom/server.edge'

/** HTML of what the server components made. */
export async function toHtml(flight: ReadableStream<Uint8Array>) {
  return renderToReadableStream(await createFromReadableStream<ReactNode>(flight))
}
