import { PageContext } from './context.ts'
import { convertInto } from './conversion.ts'
import { Flow } from './flow.ts'
import { HtmlRenderer } from './html.ts'
import type { Converted, ConvertedToMarkdown, ConvertOptions, Warning } from './index.ts'
import { MarkdownRenderer } from './markdown.ts'
import type { Renderer } from './nodes.ts'
import { SOURCE_LIMIT, withinLimit } from './source.ts'
import { StatisticsRenderer } from './statistics.ts'
import { TextRenderer } from './text.ts'
import { Warnings } from './warnings.ts'

/**
 * Converts a page of Confluence's storage format to HTML and to plain text, and counts what is in it, in one pass. Takes any string and never
 * throws for what is in it: what is not understood is unwrapped and told as a warning.
 */
export function convertStorage(storage: string, options: ConvertOptions): Converted {
  const html = new HtmlRenderer()
  const text = new TextRenderer()
  const statistics = new StatisticsRenderer()
  const warnings = render(storage, options, [html, text, statistics])
  return {
    html: html.finish(),
    text: text.finish(),
    outline: html.outline,
    statistics: statistics.finish(),
    warnings,
  }
}

/**
 * Converts a page of Confluence's storage format to Markdown: CommonMark with GitHub's tables, tasks and strikethrough. Takes any string, as
 * {@link convertStorage} does.
 */
export function convertToMarkdown(source: string, options: ConvertOptions): ConvertedToMarkdown {
  const markdown = new MarkdownRenderer()
  const warnings = render(source, options, [markdown])
  return { markdown: markdown.finish(), warnings }
}

/** Feeds the meaning of a page to renderers, any number of them at once, and returns what was not understood. */
function render(storage: string, options: ConvertOptions, renderers: readonly Renderer<unknown>[]): Warning[] {
  const warnings = new Warnings()
  const source = withinLimit(storage)
  const flow = new Flow(renderers)
  convertInto(flow, source, new PageContext(options, warnings))
  if (storage.length > SOURCE_LIMIT || flow.isSimplified) warnings.add('size_exceeded')
  return warnings.list
}
