import { CONVERTER_VERSION, type Converted, type ConvertOptions, convertStorage } from '../content/index.ts'
import type { NewPage } from '../db/schema.ts'

/** A converter; ours unless tests bring another. */
export type Convert = (
  storage: string,
  options: ConvertOptions,
) => Pick<Converted, 'html' | 'text' | 'outline' | 'statistics'>

/** What a row holds of its page's content. */
export type Content = Pick<
  NewPage,
  'html' | 'text' | 'outline' | 'statistics' | 'converter_version' | 'sync_error_message'
> & { text: string | null; sync_status: 'READY' | 'SYNC_ERROR' }

/** A row without its page's content. */
export const noContent = {
  storage: null,
  html: null,
  text: null,
  outline: null,
  statistics: null,
  converter_version: null,
  sync_status: 'READY_TO_SYNC',
  sync_error_message: null,
  synced_at: null,
} as const satisfies Partial<NewPage>

/**
 * Of a page that cannot be converted. The reason may quote the page, so it is not repeated; the raw body is stored and the converter can be
 * run on it.
 */
export const unconvertible: Content = {
  html: null,
  text: null,
  outline: null,
  statistics: null,
  converter_version: CONVERTER_VERSION,
  sync_status: 'SYNC_ERROR',
  sync_error_message:
    'The page was fetched but could not be converted. It is tried again with the next version of the page or of the converter.',
}

/** Converts a page's storage format. One that cannot be converted is marked. */
export function converted(storage: string, options: ConvertOptions, convert: Convert = convertStorage): Content {
  try {
    const { html, text, outline, statistics } = convert(storage, options)
    return {
      html,
      text,
      outline: JSON.stringify(outline),
      statistics: JSON.stringify(statistics),
      converter_version: CONVERTER_VERSION,
      sync_status: 'READY',
      sync_error_message: null,
    }
  } catch {
    return unconvertible
  }
}

/** How the version of the converter says that a page is to be converted once more, since it names others. */
export const UNLINKED = 0
