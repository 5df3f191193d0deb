// What runs in the thread of `converters.ts`.

export { convertPage as page, pageToMarkdown as markdown } from './convert-page.ts'
