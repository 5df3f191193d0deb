import { configure } from 'vitest-browser-react/pure'

// As most hosts develop: effects run twice, and so does what must be undone.
configure({ reactStrictMode: true })
