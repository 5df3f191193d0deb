// Built for what it makes the browser load; the tests look at that, and start no browser.
import { createFromFetch } from '@vitejs/plugin-rsc/browser'
import type { ReactNode } from 'react'
import { hydrateRoot } from 'react-dom/client'

hydrateRoot(document, await createFromFetch<ReactNode>(fetch('/page.rsc')))
